import { isCancelled, KindredError, toErrorData } from '../../rpc/errors';
import type { CallContext } from '../../rpc/rpc';
import type { Dataset } from '../dataset/dataset';
import type { Engine } from '../engine/engine';
import { deviceFault } from '../engine/devices/fault';
import { forgetTrials } from '../engine/devices/trials';
import { engineAsGiven, type Selected, selectEngine } from '../engine/select';
import { wishFrom } from '../engine/wish';
import { exists, files } from '../store/files';
import type { FileProblem } from '../types/dataset';
import type { Progress } from '../types/progress';
import type { RunSummary, TrainingProgress, TrainingSettings } from '../types/training';
import { type Checkpoint, readCheckpoint } from './checkpoint';
import { chooseHeldOut, hashesOf, unseenHashesOf } from './heldOut';
import { checkModality } from './checkModality';
import { labelledAs } from './columnProblems';
import { checkFeatures } from './features/checkFeatures';
import { featureClasses } from './features/frozenFeatures';
import { prepareFeatures } from './features/prepareFeatures';
import { prepareRun } from './prepare';
import { markActive, readRecord, runPaths, type RunRecord, stillRunning, summaryOf, writeRecord } from './runStore';
import { checkSettings } from './settings';
import { givenPairs, superClassesFor } from './supervision';
import { trainingSet } from './trainingSet';

type Context = CallContext<TrainingProgress>;
type NewRecord = Omit<RunRecord, 'writer'>;

export interface RunOptions {
  /** The one that the settings ask for, or the best that is here, when not given. */
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
  opened: Dataset,
  settings: TrainingSettings,
  context: Context,
  options: RunOptions = {},
): Promise<RunSummary> {
  const checked = checkSettings(settings);
  checkModality(opened.summary, checked);
  const dataset = await labelledAs(opened, checked);
  await checkFeatures(dataset, checked);
  const record = await newRecord(dataset, checked.name === '' ? { ...checked, name: nameNow(checked) } : checked);
  const { folder, record: file } = runPaths(dataset.paths, record.name);
  if (await exists(file)) {
    throw new KindredError('invalid-argument', `There is already a run named "${record.name}".`, {
      remedy: 'Choose another name, or delete that run.',
      path: folder,
    });
  }
  return whileActive(folder, async () => {
    // What was left by a process that was killed while it began or deleted a run is no run.
    await files().remove(folder);
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
  opened: Dataset,
  name: string,
  context: Context,
  options: RunOptions = {},
): Promise<RunSummary> {
  const record: NewRecord = await readRecord(opened.paths, name);
  const dataset = await labelledAs(opened, record.settings);
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

async function newRecord(dataset: Dataset, settings: TrainingSettings): Promise<NewRecord> {
  const heldOut = chooseHeldOut(dataset.items, settings);
  const hashes = hashesOf(dataset.items, heldOut);
  // Told before anything is written: whether there is something to learn from.
  const problems = await problemsOf(dataset, settings, new Set(hashes));
  return {
    name: settings.name,
    state: 'running',
    settings,
    created: new Date().toISOString(),
    step: 0,
    steps: 'steps' in settings.budget ? settings.budget.steps : 0,
    best: undefined,
    baselineRecallAt1: undefined,
    heldOut: {
      ...{ by: heldOut.by, classes: heldOut.classes, items: heldOut.items.length },
      ...(heldOut.unseenItems === undefined ? {} : { unseenItems: heldOut.unseenItems.length }),
    },
    device: '',
    ...(dataset.summary.modality === 'text' ? { modality: 'text' as const } : {}),
    problems,
    fingerprint: dataset.items.fingerprint,
    heldOutHashes: hashes,
    ...(heldOut.unseenItems === undefined ? {} : { unseenItemHashes: unseenHashesOf(dataset.items, heldOut) }),
  };
}

/** Given pairs that cannot be used. Throws when there is nothing to learn from. */
async function problemsOf(
  dataset: Dataset,
  settings: TrainingSettings,
  heldOut: ReadonlySet<string>,
): Promise<readonly FileProblem[]> {
  if (settings.supervision === 'pairs') return (await givenPairs(dataset, settings, heldOut)).problems;
  const { classes } =
    settings.features === undefined
      ? trainingSet(dataset.items, heldOut, settings.loss, settings.supervision)
      : featureClasses(dataset.items, heldOut, settings);
  await superClassesFor(dataset, settings, classes);
  return [];
}

function nameNow({ features, loss, model }: TrainingSettings): string {
  const method = model?.kind === 'linear' && model.method !== 'gradient' ? model.method : loss.kind;
  return `${features === undefined ? loss.kind : method}-${new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')}`;
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

async function execute(
  dataset: Dataset,
  record: NewRecord,
  checkpoint: Checkpoint | undefined,
  context: Context,
  options: RunOptions,
): Promise<RunSummary> {
  const { engine } = options;
  try {
    const selected =
      engine === undefined
        ? selectEngine(wishFrom(), choosing(context, record.name))
        : Promise.resolve(engineAsGiven(engine));
    // Whoever prepares the run waits for it, unless something fails before.
    selected.catch(() => undefined);
    try {
      return await trainOn(selected, dataset, record, checkpoint, context);
    } catch (error) {
      return await onCpuAfter(error, await selected, dataset, record, context);
    }
  } catch (error) {
    await afterFailure(dataset, record, error);
    throw error;
  }
}

async function trainOn(
  selected: Promise<Selected>,
  dataset: Dataset,
  record: NewRecord,
  checkpoint: Checkpoint | undefined,
  context: Context,
): Promise<RunSummary> {
  // What must be given back at the end, the last first.
  const closing: (() => Promise<void>)[] = [];
  try {
    const prepare = record.settings.features === undefined ? prepareRun : prepareFeatures;
    const loop = await prepare({ dataset, record, checkpoint, context, selected, closing });
    return summaryOf(await loop.run());
  } finally {
    // A device that is gone cannot be given back; what failed is told already.
    for (const close of closing.reverse()) await close().catch(() => undefined);
  }
}

/**
 * A graphics card that has no memory left, or is gone, does not end a training: the CPU goes on from the last checkpoint.
 * @throws `error` itself when it was not the device that failed
 */
async function onCpuAfter(
  error: unknown,
  { engine }: Selected,
  dataset: Dataset,
  { name }: NewRecord,
  context: Context,
): Promise<RunSummary> {
  const fault = deviceFault(error, engine);
  if (fault === undefined) throw error;
  // The next training looks again whether the device can be used.
  forgetTrials();
  context.report({ stage: fault.message, done: 0, total: 1, unit: 'devices', run: name });
  const { lastCheckpoint } = runPaths(dataset.paths, name);
  const checkpoint = await readCheckpoint(lastCheckpoint);
  const record: NewRecord = { ...(await readRecord(dataset.paths, name)), deviceFault: fault };
  await writeRecord(dataset.paths, record);
  const cpu = selectEngine({ engine: 'auto', device: 'cpu' }, choosing(context, name));
  return trainOn(cpu, dataset, record, checkpoint, context);
}

/** Progress of choosing an engine, under the run's name. */
function choosing({ signal, report }: Context, run: string): CallContext<Progress> {
  return { signal, report: (progress) => report({ ...progress, run }) };
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
