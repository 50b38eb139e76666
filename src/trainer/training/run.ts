import { isCancelled, KindredError, throwIfCancelled, toErrorData } from '../../rpc/errors';
import type { CallContext } from '../../rpc/rpc';
import type { Dataset } from '../dataset/dataset';
import { ensurePixels, type PixelStore } from '../dataset/pixels';
import type { Engine, HostTensors } from '../engine/engine';
import { exportModel } from '../engine/inference';
import { onnxEngine } from '../engine/onnxEngine';
import { Random } from '../random';
import { exists, files } from '../store/files';
import type { FileProblem } from '../types/dataset';
import type { Progress } from '../types/progress';
import type { RunSummary, TrainingProgress, TrainingSettings } from '../types/training';
import { BatchStream } from './batches';
import { type Checkpoint, readCheckpoint } from './checkpoint';
import { chooseHeldOut, hashesOf, heldOutOf } from './heldOut';
import { TrainingLoop } from './loop';
import { BASELINE_SIZE, baselineRecall, itemsToMeasure, Measure } from './measure';
import { markActive, readRecord, runPaths, type RunRecord, stillRunning, summaryOf, writeRecord } from './runStore';
import { ClassSampler } from './sampler';
import { checkSettings } from './settings';
import { inferenceProgram, inferenceState, initialState, networkSettings, stepSettings, trainingStep } from './step';
import { trainingSet } from './trainingSet';

type Context = CallContext<TrainingProgress>;
type NewRecord = Omit<RunRecord, 'writer'>;

export interface RunOptions {
  /** ONNX Runtime when not given. */
  readonly engine?: Engine;
}

/**
 * Trains a model on a dataset and keeps it as `runs/<name>/`: run.json, metrics.jsonl, checkpoint/, and model.onnx with the best
 * weights on the held-out items.
 * @throws KindredError `cancelled` when it was stopped: the run is kept, usable, and can be resumed, unless it has not made a
 * step; `invalid-argument` or `bad-input` when the settings or the dataset cannot be trained with. A run that fails after it
 * began is kept as `failed`, with the reason in its summary.
 */
export async function trainRun(
  dataset: Dataset,
  settings: TrainingSettings,
  context: Context,
  options: RunOptions = {},
): Promise<RunSummary> {
  const checked = checkSettings(settings);
  const record = newRecord(dataset, checked.name === '' ? { ...checked, name: nameNow(checked) } : checked);
  const { folder } = runPaths(dataset.paths, record.name);
  if (await exists(folder)) {
    throw new KindredError('invalid-argument', `There is already a run named "${record.name}".`, {
      remedy: 'Choose another name, or delete that run.',
      path: folder,
    });
  }
  return whileActive(folder, async () => {
    await writeRecord(dataset.paths, record);
    return execute(dataset, record, undefined, context, options);
  });
}

/**
 * Goes on with a run that was stopped, interrupted or failed, from its last checkpoint, as if it had never stopped; one that has
 * no checkpoint yet begins again.
 * @throws KindredError as `trainRun`; `not-found`; `invalid-argument` when it is finished or being trained.
 */
export async function resumeRun(
  dataset: Dataset,
  name: string,
  context: Context,
  options: RunOptions = {},
): Promise<RunSummary> {
  const record: NewRecord = await readRecord(dataset.paths, name);
  if (record.state === 'running') throw stillRunning(name);
  if (record.state === 'finished') {
    throw new KindredError('invalid-argument', `The run ${name} is finished.`, { remedy: 'Train a new run.' });
  }
  const { folder, lastCheckpoint } = runPaths(dataset.paths, name);
  const checkpoint = await readCheckpoint(lastCheckpoint);
  return whileActive(folder, async () => {
    const running: NewRecord = {
      ...record,
      state: 'running',
      problems: changes(dataset, record),
      failure: undefined,
    };
    await writeRecord(dataset.paths, running);
    return execute(dataset, running, checkpoint, context, options);
  });
}

async function whileActive<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const done = markActive(folder);
  try {
    return await work();
  } finally {
    done();
  }
}

function newRecord(dataset: Dataset, settings: TrainingSettings): NewRecord {
  const heldOut = chooseHeldOut(dataset.items, settings);
  const hashes = hashesOf(dataset.items, heldOut);
  // Told before anything is written: whether there is something to learn from.
  trainingSet(dataset.items, new Set(hashes), settings.loss.kind);
  return {
    name: settings.name,
    state: 'running',
    settings,
    created: new Date().toISOString(),
    step: 0,
    steps: 'steps' in settings.budget ? settings.budget.steps : 0,
    best: undefined,
    baselineRecallAt1: undefined,
    heldOut: { by: heldOut.by, classes: heldOut.classes, items: heldOut.items.length },
    device: '',
    problems: [],
    fingerprint: dataset.items.fingerprint,
    heldOutHashes: hashes,
  };
}

function nameNow({ loss }: TrainingSettings): string {
  return `${loss.kind}-${new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')}`;
}

/** A resumed run sees the dataset as it is now; when that is not what it was, it is told. */
function changes(dataset: Dataset, record: NewRecord): readonly FileProblem[] {
  if (dataset.items.fingerprint === record.fingerprint) return [];
  return [
    {
      path: dataset.summary.name,
      reason: 'The dataset has changed since this run began.',
      remedy:
        'The run goes on with the images that are there now; train a new run to have all of it learned from the start.',
    },
  ];
}

/** Everything of a run that must be given back at its end. */
interface Resources {
  readonly closing: (() => Promise<void>)[];
}

async function execute(
  dataset: Dataset,
  record: NewRecord,
  checkpoint: Checkpoint | undefined,
  context: Context,
  options: RunOptions,
): Promise<RunSummary> {
  const resources: Resources = { closing: [] };
  try {
    const loop = await prepare(dataset, record, checkpoint, context, options, resources);
    return summaryOf(await loop.run());
  } catch (error) {
    await afterFailure(dataset, record, error);
    throw error;
  } finally {
    for (const close of resources.closing.reverse()) await close();
  }
}

/** Stopped before its first step, a run leaves nothing behind; any other stays, to be resumed, and tells why it failed. */
async function afterFailure(dataset: Dataset, { name }: NewRecord, error: unknown): Promise<void> {
  try {
    const { folder, lastCheckpoint, metrics } = runPaths(dataset.paths, name);
    if (isCancelled(error) && !(await exists(lastCheckpoint)) && !(await exists(metrics))) {
      await files().remove(folder);
      return;
    }
    const record: NewRecord = await readRecord(dataset.paths, name);
    const end = isCancelled(error)
      ? { state: 'stopped' as const }
      : { state: 'failed' as const, failure: failureOf(error) };
    await writeRecord(dataset.paths, { ...record, ...end });
  } catch {
    // The disk may be the reason of the failure. The run is then found interrupted.
  }
}

function failureOf(error: unknown): NonNullable<RunSummary['failure']> {
  const { message, remedy } = toErrorData(error);
  return remedy === undefined ? { message } : { message, remedy };
}

async function prepare(
  dataset: Dataset,
  started: NewRecord,
  checkpoint: Checkpoint | undefined,
  context: Context,
  options: RunOptions,
  { closing }: Resources,
): Promise<TrainingLoop> {
  const { settings, heldOut } = started;
  const { signal } = context;
  const stage = stageContext(context, started.name);
  const pixels = await ensurePixels(dataset, settings.imageSize, stage);
  closing.push(() => pixels.close());
  const began = performance.now();
  const held = heldOutOf(dataset.items, heldOut.by, started.heldOutHashes);
  const measured = itemsToMeasure(dataset.items, held.items, settings.seed);
  const record = {
    ...started,
    baselineRecallAt1: started.baselineRecallAt1 ?? (await baseline(dataset, pixels, measured, stage)),
    problems: [...started.problems, ...pixels.problems],
  };
  throwIfCancelled(signal);
  stage.report({ stage: 'Preparing the network', done: 0, total: 1, unit: 'networks' });
  const engine = options.engine ?? (await onnxEngine());
  const random = new Random(settings.seed);
  const { classes } = trainingSet(dataset.items, new Set(record.heldOutHashes), settings.loss.kind);
  const sampler = new ClassSampler(classes, settings.batch, random.fork('batches'));
  const step = stepSettings(settings, sampler.batchSize);
  const runner = await engine.compile(trainingStep(step));
  closing.push(() => runner.dispose());
  runner.setState(checkpoint?.state ?? initialState(step, random.fork('weights')));
  const measure =
    measured.items.length < 2
      ? undefined
      : new Measure({ ...measured, engine, network: networkSettings(settings) }, pixels);
  if (measure) closing.push(() => measure.dispose());
  const first = checkpoint?.step ?? 0;
  const views = { sampler, pixels, augmentation: settings.augmentation, random: random.fork('views') };
  const batches = new BatchStream(views, first);
  closing.push(() => batches.close());
  const exporting = (state: HostTensors): Uint8Array => exportRun(settings, state);
  const parts = { paths: dataset.paths, context, runner, batches, measure, began, batchSize: sampler.batchSize };
  const position = { step: first, best: checkpoint?.best, metrics: checkpoint?.metrics };
  return new TrainingLoop({ ...parts, exportModel: exporting }, { ...record, device: engine.device }, position);
}

async function baseline(
  dataset: Dataset,
  pixels: PixelStore,
  { items, labels }: { readonly items: Int32Array; readonly labels: Int32Array },
  context: CallContext<Progress>,
): Promise<number | undefined> {
  if (items.length < 2) return undefined;
  context.report({ stage: 'Measuring raw pixels', done: 0, total: items.length, unit: 'images' });
  if (pixels.size === BASELINE_SIZE) return baselineRecall(pixels, items, labels, context.signal);
  const store = await ensurePixels(dataset, BASELINE_SIZE, context);
  try {
    return await baselineRecall(store, items, labels, context.signal);
  } finally {
    await store.close();
  }
}

/** The metadata says all that is needed to use the file, and nothing that differs between two equal trainings. */
function exportRun(settings: TrainingSettings, state: HostTensors): Uint8Array {
  return exportModel(inferenceProgram({ ...networkSettings(settings), batchSize: 1 }), inferenceState(state), {
    producer: 'kindred',
    imageSize: String(settings.imageSize),
    embeddingSize: String(settings.embeddingSize),
    loss: JSON.stringify(settings.loss),
    input: 'images: RGB, 0 to 1, [batch, height, width, 3]',
  });
}

/** Progress of the work before the first step, under the run's name. */
function stageContext({ signal, report }: Context, run: string): CallContext<Progress> {
  return { signal, report: (progress) => report({ ...progress, run }) };
}
