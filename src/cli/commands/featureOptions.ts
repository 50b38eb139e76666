/** What is learned from, and in which proportions. */
import { type Command, Option } from 'commander';
import type {
  LinearMethod,
  ModelId,
  Sampling,
  ClassWeights,
  SupervisionKind,
  TrainingSettings,
} from '../../trainer/protocol';
import { CLASS_WEIGHTS, SAMPLINGS, SUPERVISIONS } from '../../trainer/types/sampling';
import { LINEAR_METHODS } from '../../trainer/types/training';
import { whole } from '../options';

export interface FeatureOptions {
  readonly features?: string;
  readonly method?: LinearMethod;
  readonly supervision?: SupervisionKind;
  readonly pairs?: string;
  readonly sampling?: Sampling;
  readonly classWeights?: ClassWeights;
  readonly earlyStop?: number;
}

export function addFeatures(command: Command): void {
  command
    .option(
      '--features <model>',
      'train a head on an embedding, which stays as it is: "descriptor", "pixels", a run or "vectors:<name>"',
    )
    .addOption(
      new Option('--method <name>', 'how a linear layer on features is found (gradient: by the loss)').choices(
        LINEAR_METHODS,
      ),
    )
    .addOption(
      new Option('--supervision <by>', 'what says which images are the same (none: only two views of one)').choices(
        SUPERVISIONS,
      ),
    )
    .option('--pairs <file>', 'learn from a table of pairs in the dataset, with columns a, b and same')
    .addOption(
      new Option('--sampling <by>', 'how often a class is seen: all the same, or by its size').choices(SAMPLINGS),
    )
    .addOption(
      new Option('--class-weights <how>', 'how much an item counts (losses with proxies)').choices(CLASS_WEIGHTS),
    )
    .option('--early-stop <n>', 'end after so many measures without a better one; 0 for never', whole(0, 1000));
}

/** @param features the model that --features names */
export function featuresWith(
  { method, supervision, pairs, sampling, classWeights, earlyStop }: FeatureOptions,
  features: ModelId | undefined,
): Partial<TrainingSettings> {
  return {
    ...(features === undefined ? {} : { features }),
    ...(method === undefined ? {} : { model: { kind: 'linear', method } }),
    ...(pairs === undefined ? {} : { pairs, supervision: 'pairs' }),
    ...(supervision === undefined ? {} : { supervision }),
    ...(sampling === undefined ? {} : { sampling }),
    ...(classWeights === undefined ? {} : { classWeights }),
    ...(earlyStop === undefined ? {} : { earlyStop }),
  };
}
