import { throwIfCancelled } from '../../../rpc/errors';
import type { CallContext } from '../../../rpc/rpc';
import type { HostTensors } from '../../engine/engine';
import { writeFileAtomic } from '../../store/atomic';
import type { StorePaths } from '../../store/paths';
import type { LinearMethod, TrainingProgress, TrainingSettings } from '../../types/training';
import { allFinite } from '../checkpoint';
import type { Measure } from '../measure';
import { runPaths, type RunRecord, writeRecord } from '../runStore';

type Record = Omit<RunRecord, 'writer'>;

export interface FittedParts {
  readonly paths: StorePaths;
  readonly context: CallContext<TrainingProgress>;
  /** The weights of the network. */
  readonly fit: () => Promise<HostTensors>;
  readonly measure: Measure | undefined;
  readonly baseline: (() => Promise<number | undefined>) | undefined;
  readonly exportModel: (state: HostTensors) => Uint8Array;
}

interface Fitted extends TrainingSettings {
  readonly model: { readonly kind: 'linear'; readonly method: LinearMethod };
}

/** Whether such settings make a run whose model is computed at once. */
export function isFitted(settings: TrainingSettings): settings is Fitted {
  const { features, model } = settings;
  return features !== undefined && model?.kind === 'linear' && model.method !== 'gradient';
}

/** A run whose model is computed instead of trained: one step, which leaves no checkpoint. Stopped, it begins again. */
export class FittedRun {
  constructor(
    private readonly parts: FittedParts,
    private readonly record: Record,
  ) {}

  /** @throws KindredError `cancelled` */
  async run(): Promise<Record> {
    const { paths, context, fit, measure, baseline, exportModel } = this.parts;
    const { name } = this.record;
    const report = (done: number): void =>
      context.report({ stage: 'Computing the linear layer', done, total: 1, unit: 'layers', run: name });
    report(0);
    const state = await fit();
    if (!allFinite(state)) throw new Error('The linear layer has values that are no numbers.');
    throwIfCancelled(context.signal);
    const measured = await measure?.measures(state, context.signal);
    const baselineRecallAt1 = await baseline?.();
    await writeFileAtomic(runPaths(paths, name).model, exportModel(state));
    const best = measured && {
      ...{ step: 1, recallAt1: measured.recallAt1, meanAveragePrecision: measured.meanAveragePrecision },
    };
    const record: Record = { ...this.record, step: 1, steps: 1, best, baselineRecallAt1, state: 'finished' };
    await writeRecord(paths, record);
    report(1);
    return record;
  }
}
