import { throwIfCancelled } from '../../../rpc/errors';
import { Random } from '../../random';
import type { Engine, HostTensors } from '../../engine/engine';
import { informationTheoretic } from '../../linear/informationTheoretic';
import { momentsOf } from '../../linear/moments';
import { OBJECTIVES, type OptimisedMethod } from '../../linear/objectives';
import { MOST_ROWS, optimised } from '../../linear/optimised';
import { solve } from '../../linear/solve';
import { modelOf, type NetworkSettings } from '../../models/modelOf';
import type { LinearMethod } from '../../types/training';
import { heldOutOf } from '../heldOut';
import { type LoopRecord, TrainingLoop } from '../loop';
import { itemsToMeasure, Measure } from '../measure';
import { modelFiles } from '../modelFile';
import type { Start } from '../prepare';
import { RunControl } from '../control';
import { recallAt1 } from '../recall';
import { controlOf, runPaths } from '../runStore';
import { balancedWeights } from '../sampler';
import { superviseBy, type Supervision } from '../supervision';
import { initialState, networkSettings, stepSettings, trainingStep } from '../step';
import { featureClasses, type FrozenFeatures, gatherRows, loadFeatures, rowInputs } from './frozenFeatures';
import { FittedRun, type FittedParts } from './fittedRun';
import { withSuspects } from '../suspects/findSuspects';
import { headState, labelledRows, startingHead } from './startingHead';
import { VectorBatches } from './vectorBatches';

interface Runnable {
  run(): Promise<LoopRecord>;
}

interface Ready extends Start {
  readonly features: FrozenFeatures;
  readonly supervision: Supervision;
  readonly classes: readonly Int32Array[];
  readonly network: NetworkSettings;
  readonly engine: Engine;
  /** What a run on features has in common, however its layer is found. */
  readonly common: Omit<FittedParts, 'fit'>;
}

/** Everything that a run on the features of an embedding needs: no picture is read, unless the embedding must be computed first. */
export async function prepareFeatures(start: Start): Promise<Runnable> {
  const { dataset, record, context, closing } = start;
  const { settings } = record;
  const began = performance.now();
  const supervision = await superviseFeatures(start);
  const features = await loadFeatures(dataset, settings.features!, record.name, context);
  const network = networkSettings(settings, features.dims);
  const { engine, report } = await start.selected;
  throwIfCancelled(context.signal);
  const held = heldOutOf(dataset.items, record.heldOut.by, record.heldOutHashes, record.unseenItemHashes);
  const measured = itemsToMeasure(dataset.items, held, settings.seed);
  const isMeasured = measured.items.length >= 2;
  const measure = isMeasured ? new Measure({ ...measured, engine, network }, rowInputs(features)) : undefined;
  closing.push(async () => measure?.dispose());
  const baseline = (): Promise<number | undefined> =>
    recallAt1(gatherRows(features, measured.items), features.dims, measured.labels, context.signal);
  const common = {
    paths: dataset.paths,
    context,
    measure,
    baseline: isMeasured ? baseline : undefined,
    exportModel: modelFiles(dataset, { ...record, features }),
  };
  const chosen = { ...record, device: report.deviceName, deviceReason: report.reason };
  const { classes } = supervision;
  const ready: Ready = { ...start, record: chosen, features, supervision, classes, network, engine, common };
  const { model } = network;
  if (model.kind !== 'linear' || model.method === 'gradient') return trained(ready, began);
  const { method } = model;
  return new FittedRun({ ...common, fit: () => fitted(ready, method) }, chosen);
}

function superviseFeatures({ dataset, record }: Start): Promise<Supervision> {
  const { settings } = record;
  const heldOut = new Set(record.heldOutHashes);
  const random = new Random(settings.seed).fork('batches');
  return superviseBy(dataset, settings, heldOut, random, () => featureClasses(dataset.items, heldOut, settings));
}

async function fitted(
  { classes, context, engine, features, network }: Ready,
  method: Exclude<LinearMethod, 'gradient'>,
): Promise<HostTensors> {
  const { embeddingSize } = network;
  if (isOptimised(method)) {
    const rows = labelledRows(features, classes, MOST_ROWS);
    const moments = await momentsOf(rows, engine, context.signal);
    const map = await optimised(method, rows, moments, embeddingSize, { engine, signal: context.signal });
    return headState(map, features.dims);
  }
  if (method === 'itml') {
    const rows = labelledRows(features, classes, MOST_ROWS);
    const moments = await momentsOf(rows, engine, context.signal);
    return headState(await informationTheoretic(rows, moments, embeddingSize), features.dims);
  }
  const moments = await momentsOf(labelledRows(features, classes), engine, context.signal);
  return headState(await solve(method, moments, embeddingSize), features.dims);
}

function isOptimised(method: LinearMethod): method is OptimisedMethod {
  return Object.hasOwn(OBJECTIVES, method);
}

async function trained(ready: Ready, began: number): Promise<Runnable> {
  const { checkpoint, classes, closing, common, context, dataset, engine, features, network, record, supervision } =
    ready;
  const { settings } = record;
  const random = new Random(settings.seed);
  const { pairs, sampler } = supervision;
  const sizes = {
    batchSize: sampler.batchSize,
    classes: classes.length,
    vectorSize: features.dims,
    ...(pairs ? { pairs } : {}),
    ...(settings.classWeights === 'balanced' ? { classWeights: balancedWeights(classes) } : {}),
  };
  const step = stepSettings(settings, sizes);
  const runner = await engine.compile(trainingStep(step));
  closing.push(() => runner.dispose());
  throwIfCancelled(context.signal);
  const head = (): Promise<HostTensors> =>
    startingHead(features, classes, network.embeddingSize, engine, context.signal);
  runner.setState(
    checkpoint?.state ?? {
      ...initialState(step, random.fork('weights')),
      ...(network.model.kind === 'linear' ? await head() : {}),
    },
  );
  const loop = new TrainingLoop(
    {
      ...common,
      table: dataset.items,
      runner,
      batches: new VectorBatches(sampler, features, checkpoint?.step ?? 0),
      input: modelOf(network).input,
      batchSize: sizes.batchSize,
      classes: sizes.classes,
      pixelProblems: () => [],
      control: controlOf(runPaths(dataset.paths, record.name).folder) ?? new RunControl(),
      began,
    },
    record,
    { step: checkpoint?.step ?? 0, best: checkpoint?.best, metrics: checkpoint?.metrics },
  );
  const { name } = record;
  const read = rowInputs(features);
  return withSuspects(loop, { dataset, name, settings, classes, engine, network, read, runner, context });
}
