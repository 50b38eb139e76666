/** Which network is trained, and how its weights are changed. */
import { type Command, Option } from 'commander';
import type { TrainingSettings } from '../../trainer/protocol';
import { DEFAULT_MODELS, DEFAULT_OPTIMISERS, DEFAULT_SCHEDULES } from '../../trainer/training/choices';
import {
  type ModelKind,
  MODELS,
  type OptimiserKind,
  OPTIMISERS,
  type ScheduleKind,
  SCHEDULES,
} from '../../trainer/types/training';
import { number } from '../options';

export interface ModelOptions {
  readonly model?: ModelKind;
  readonly optimiser?: OptimiserKind;
  readonly schedule?: ScheduleKind;
  readonly weightDecay?: number;
  readonly clipNorm?: number;
}

export function addModel(command: Command): void {
  command
    .addOption(new Option('--model <kind>', 'the network (its sizes: kindred.json)').choices(MODELS))
    .addOption(new Option('--optimiser <kind>', 'how gradients change the weights').choices(OPTIMISERS))
    .addOption(new Option('--schedule <kind>', 'how the learning rate falls').choices(SCHEDULES))
    .option('--weight-decay <number>', 'how strongly weights are pulled towards zero', number(0, 1))
    .option('--clip-norm <number>', 'largest norm of all gradients together; 0 for any', number(0, 1e6));
}

/** What the options say of it. Another kind begins from its own defaults. */
export function modelWith(base: TrainingSettings, options: ModelOptions): Partial<TrainingSettings> {
  const { model, optimiser, schedule, weightDecay, clipNorm } = options;
  return {
    ...(model === undefined || model === base.model?.kind ? {} : { model: DEFAULT_MODELS[model] }),
    ...(optimiser === undefined || optimiser === base.optimiser?.kind
      ? {}
      : { optimiser: DEFAULT_OPTIMISERS[optimiser] }),
    ...(schedule === undefined || schedule === base.schedule?.kind ? {} : { schedule: DEFAULT_SCHEDULES[schedule] }),
    ...(weightDecay === undefined ? {} : { weightDecay }),
    ...(clipNorm === undefined ? {} : { clipNorm }),
  };
}
