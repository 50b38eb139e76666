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
  readonly labelColumn?: readonly string[];
  readonly sampling?: Sampling;
  readonly superClass?: string;
  readonly superClasses?: number;
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
      new Option('--supervision <by>', 'what says which items are the same (none: only two views of one)').choices(
        SUPERVISIONS,
      ),
    )
    .option('--pairs <file>', 'learn from a table of pairs in the dataset, with columns a, b and same')
    .option(
      '--label-column <name>',
      'train and measure by this column instead of the label; again for more, in all of which images of a class agree',
      (name: string, before: readonly string[] | undefined) => [...(before ?? []), name],
    )
    .addOption(
      new Option('--sampling <by>', 'how often a class is seen: all the same, or by its size').choices(SAMPLINGS),
    )
    .option('--super-class <column>', 'let batches have classes of few super-classes, which this column names')
    .option('--super-classes <n>', 'of how many', whole(1, 512))
    .addOption(
      new Option('--class-weights <how>', 'how much an item counts (losses with proxies)').choices(CLASS_WEIGHTS),
    )
    .option('--early-stop <n>', 'end after so many measures without a better one; 0 for never', whole(0, 1000));
}

/** @param features the model that --features names */
export function featuresWith(
  { method, supervision, pairs, labelColumn, sampling, superClass, classWeights, earlyStop }: FeatureOptions,
  features: ModelId | undefined,
): Partial<TrainingSettings> {
  return {
    ...(features === undefined ? {} : { features }),
    ...(method === undefined ? {} : { model: { kind: 'linear', method } }),
    ...(pairs === undefined ? {} : { pairs, supervision: 'pairs' }),
    ...(supervision === undefined ? {} : { supervision }),
    ...(labelColumn === undefined ? {} : { labelColumns: labelColumn }),
    ...(superClass === undefined ? {} : { superClass, sampling: 'super-class' }),
    ...(sampling === undefined ? {} : { sampling }),
    ...(classWeights === undefined ? {} : { classWeights }),
    ...(earlyStop === undefined ? {} : { earlyStop }),
  };
}
