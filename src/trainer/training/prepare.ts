import { throwIfCancelled } from '../../rpc/errors';
import type { CallContext } from '../../rpc/rpc';
import type { Dataset } from '../dataset/dataset';
import type { Selected } from '../engine/select';
import { modelOf } from '../models/modelOf';
import { Random } from '../random';
import type { TrainingProgress } from '../types/training';
import type { Checkpoint } from './checkpoint';
import { heldOutOf } from './heldOut';
import { type LoopRecord, TrainingLoop } from './loop';
import { itemsToMeasure, Measure } from './measure';
import { modelFiles } from './modelFile';
import { RunControl } from './control';
import { controlOf, runPaths, type RunRecord } from './runStore';
import { balancedWeights } from './sampler';
import { initialState, networkSettings, stepSettings, trainingStep } from './step';
import { superviseBy } from './supervision';
import { withSuspects } from './suspects/findSuspects';
import { trainingItems } from './trainingItems';

/** A run that shall go on from a checkpoint, or begin where there is none. */
export interface Start {
  readonly dataset: Dataset;
  readonly record: Omit<RunRecord, 'writer'>;
  readonly checkpoint: Checkpoint | undefined;
  readonly context: CallContext<TrainingProgress>;
  /** May still be chosen while the first pictures are read. */
  readonly selected: Promise<Selected>;
  /** Takes what must be called at the end of the run, the last first. */
  readonly closing: (() => Promise<void>)[];
}

/**
 * Everything that the steps need. Pictures are read and varied in other threads while the network is compiled, and those that no
 * training has seen at this size yet are decoded as they are needed, so that nothing but the network is waited for.
 */
export async function prepareRun({
  dataset,
  record,
  checkpoint,
  context,
  closing,
  ...start
}: Start): Promise<{ run(): Promise<LoopRecord> }> {
  const { settings, name } = record;
  const began = performance.now();
  const random = new Random(settings.seed);
  const { classes, pairs, sampler } = await superviseBy(dataset, settings, heldOutBy(record), random.fork('batches'));
  const views = { settings, sampler, random: random.fork('views'), first: checkpoint?.step ?? 0 };
  const items = await trainingItems(dataset, { ...views, signal: context.signal });
  const { batches, read } = items;
  closing.push(...items.closing);
  batches.prefetch();
  context.report({ stage: 'Preparing the network', done: 0, total: 1, unit: 'networks', run: name });
  // While other processes and threads try the devices.
  const sizes = {
    batchSize: sampler.batchSize,
    classes: classes.length,
    ...(pairs ? { pairs } : {}),
    ...(settings.classWeights === 'balanced' ? { classWeights: balancedWeights(classes) } : {}),
  };
  const step = stepSettings(settings, sizes);
  const state = checkpoint?.state ?? initialState(step, random.fork('weights'));
  const { engine, report } = await start.selected;
  throwIfCancelled(context.signal);
  const runner = await engine.compile(trainingStep(step));
  closing.push(() => runner.dispose());
  throwIfCancelled(context.signal);
  runner.setState(state);
  const held = heldOutOf(dataset.items, record.heldOut.by, record.heldOutHashes, record.unseenItemHashes);
  const measured = itemsToMeasure(dataset.items, held, settings.seed);
  const isMeasured = measured.items.length >= 2;
  const network = networkSettings(settings);
  const measure = isMeasured ? new Measure({ ...measured, engine, network }, read) : undefined;
  closing.push(async () => measure?.dispose());
  const loop = new TrainingLoop(
    {
      ...{ paths: dataset.paths, table: dataset.items },
      context,
      runner,
      batches,
      input: modelOf(network).input,
      ...sizes,
      measure,
      baseline: isMeasured ? () => items.baseline(measured, context.signal) : undefined,
      pixelProblems: items.problems,
      exportModel: modelFiles(dataset, record),
      control: controlOf(runPaths(dataset.paths, name).folder) ?? new RunControl(),
      began,
    },
    { ...record, device: report.deviceName, deviceReason: report.reason },
    { step: checkpoint?.step ?? 0, best: checkpoint?.best, metrics: checkpoint?.metrics },
  );
  return withSuspects(loop, { dataset, name, settings, classes, engine, network, read, runner, context });
}

function heldOutBy({ heldOutHashes }: Start['record']): ReadonlySet<string> {
  return new Set(heldOutHashes);
}
