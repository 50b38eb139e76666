import { KindredError } from '../../rpc/errors';
import type { Dataset } from '../dataset/dataset';
import { columnOf } from '../dataset/labelColumns';
import type { Random } from '../random';
import type { FileProblem } from '../types/dataset';
import type { TrainingSettings } from '../types/training';
import { pairGraph, type PairGraph } from './pairs/pairGraph';
import { pairsOfFile, pairsOfReview, type PairList } from './pairs/pairList';
import { PairSampler } from './pairs/pairSampler';
import { type Sampler, samplerOf } from './sampler';
import { superClassesOf } from './superClasses';
import { type TrainingSet, trainingSet } from './trainingSet';

/** What a training learns from, and the batches of it. */
export interface Supervision {
  /** The items of each class, or of each group of given pairs. */
  readonly classes: readonly Int32Array[];
  readonly sampler: Sampler;
  /** Batches say which rows are the same and which are different; labels do not. */
  readonly pairs: boolean;
}

type Wish = Pick<TrainingSettings, 'batch' | 'loss' | 'pairs' | 'sampling' | 'superClass' | 'supervision'>;

/**
 * @param heldOut contents that are held out
 * @param classesOf how labels group the items
 * @throws KindredError `bad-input` when there is nothing to compare
 */
export async function superviseBy(
  dataset: Dataset,
  settings: Wish,
  heldOut: ReadonlySet<string>,
  random: Random,
  classesOf: (settings: Wish) => TrainingSet = ({ loss, supervision }) =>
    trainingSet(dataset.items, heldOut, loss, supervision),
): Promise<Supervision> {
  if (settings.supervision !== 'pairs') {
    const { classes } = classesOf(settings);
    const superClasses = await superClassesFor(dataset, settings, classes);
    const sampler = samplerOf(settings.sampling, classes, settings.batch, random, superClasses);
    return { classes, sampler, pairs: false };
  }
  const { graph } = await givenPairs(dataset, settings, heldOut);
  const size = settings.batch.classes * settings.batch.perClass;
  return { classes: graph.groups, sampler: new PairSampler(graph, size + (size % 2), random), pairs: true };
}

/**
 * The super-class of each class; undefined where the sampling is another.
 * @throws KindredError `bad-input` when the column is not there, or puts all classes together or each by itself
 */
export async function superClassesFor(
  dataset: Dataset,
  { sampling, superClass }: Pick<TrainingSettings, 'sampling' | 'superClass'>,
  classes: readonly Int32Array[],
): Promise<Int32Array | undefined> {
  if (sampling !== 'super-class' || superClass === undefined) return undefined;
  const { codes } = await columnOf(dataset, [superClass]);
  const superClasses = superClassesOf(classes, codes);
  const count = new Set(superClasses).size;
  if (count > 1 && count < classes.length) return superClasses;
  const found = count === 1 ? 'puts all classes together' : 'puts each class by itself';
  throw new KindredError('bad-input', `The super-class "${superClass}" ${found}, so it cannot say which are alike.`, {
    remedy: 'Choose a column with two or more values, each of several classes, or another sampling.',
  });
}

/**
 * What the file of pairs and the review say of the items that are not held out, and what of it cannot be used.
 * @throws KindredError `bad-input` when no pair is left, `not-found` when the file is not there
 */
export async function givenPairs(
  dataset: Dataset,
  { pairs: file }: Pick<TrainingSettings, 'pairs'>,
  heldOut: ReadonlySet<string>,
): Promise<{ readonly graph: PairGraph; readonly problems: readonly FileProblem[] }> {
  const { hashes, paths } = dataset.items;
  const none: PairList = { pairs: [], problems: [] };
  const listed = file === undefined ? none : await pairsOfFile(dataset, file);
  const known = [...listed.pairs, ...(await pairsOfReview(dataset))];
  const usable = known.filter(({ a, b }) => !heldOut.has(hashes[a]) && !heldOut.has(hashes[b]));
  const graph = pairGraph(usable, paths);
  if (usable.length > graph.problems.length) return { graph, problems: [...listed.problems, ...graph.problems] };
  const from = file === undefined ? 'The review' : `${file} and the review`;
  const held = known.length > 0 ? `, but for ${known.length} that are held out or contradict others` : '';
  throw new KindredError('bad-input', `${from} have no pairs to learn from${held}.`, {
    remedy:
      'Review duplicates (a decision about one group says what is the same, "Not duplicates" what is different), or name a file of pairs with the setting pairs.',
  });
}
