/** Which network is trained, and how its weights are changed. */
import { type Command, Option } from 'commander';
import type { TrainingSettings } from '../../trainer/protocol';
import { DEFAULT_MODELS, DEFAULT_OPTIMISERS, DEFAULT_SCHEDULES } from '../../trainer/training/choices';
import {
  CONVNET_SIZES,
  type ConvnetSize,
  type HeadKind,
  HEADS,
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
  readonly modelSize?: ConvnetSize;
  readonly head?: HeadKind;
  readonly optimiser?: OptimiserKind;
  readonly schedule?: ScheduleKind;
  readonly weightDecay?: number;
  readonly clipNorm?: number;
}

export function addModel(command: Command): void {
  command
    .addOption(new Option('--model <kind>', 'the network (its sizes: kindred.json)').choices(MODELS))
    .addOption(new Option('--model-size <size>', 'of the convolutional network').choices(CONVNET_SIZES))
    .addOption(new Option('--head <kind>', "what turns the network's features into embeddings").choices(HEADS))
    .addOption(new Option('--optimiser <kind>', 'how gradients change the weights').choices(OPTIMISERS))
    .addOption(new Option('--schedule <kind>', 'how the learning rate falls').choices(SCHEDULES))
    .option('--weight-decay <number>', 'how strongly weights are pulled towards zero', number(0, 1))
    .option('--clip-norm <number>', 'largest norm of all gradients together; 0 for any', number(0, 1e6));
}

/** What the options say of it. Another kind begins from its own defaults. */
export function modelWith(base: TrainingSettings, options: ModelOptions): Partial<TrainingSettings> {
  const { optimiser, schedule, weightDecay, clipNorm } = options;
  return {
    ...networkWith(base, options),
    ...(optimiser === undefined || optimiser === base.optimiser?.kind
      ? {}
      : { optimiser: DEFAULT_OPTIMISERS[optimiser] }),
    ...(schedule === undefined || schedule === base.schedule?.kind ? {} : { schedule: DEFAULT_SCHEDULES[schedule] }),
    ...(weightDecay === undefined ? {} : { weightDecay }),
    ...(clipNorm === undefined ? {} : { clipNorm }),
  };
}

/** Whether that kind of network has a size or a head is the trainer's to say. */
function networkWith(
  { model: before, features }: TrainingSettings,
  { model: kind, modelSize: size, head }: ModelOptions,
): Pick<TrainingSettings, 'model'> {
  const known = before ?? (features === undefined ? DEFAULT_MODELS.convnet : DEFAULT_MODELS.linear);
  const model = kind === undefined || kind === known.kind ? before : DEFAULT_MODELS[kind];
  if (size === undefined && head === undefined) return model === undefined ? {} : { model };
  const said = { ...(size === undefined ? {} : { size }), ...(head === undefined ? {} : { head }) };
  return { model: { ...(model ?? known), ...said } };
}
