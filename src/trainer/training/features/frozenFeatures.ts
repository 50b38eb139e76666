import { KindredError } from '../../../rpc/errors';
import type { CallContext } from '../../../rpc/rpc';
import type { Dataset } from '../../dataset/dataset';
import { computeEmbedding } from '../../embedding/compute';
import type { ItemTable } from '../../dataset/itemTable';
import { openEmbedder } from '../../embedding/embedder';
import type { ModelId } from '../../types/embedding';
import type { Progress } from '../../types/progress';
import type { TrainingProgress, TrainingSettings } from '../../types/training';
import type { InputReader } from '../measure';
import { type TrainingSet, trainingSet } from '../trainingSet';

/** The rows of an embedding, which a training takes as they are: one row an item of the dataset. */
export interface FrozenFeatures {
  readonly data: Float32Array;
  readonly dims: number;
  /** Names what makes the rows. */
  readonly stamp: string;
}

/** The embedding of all items, from the store or computed now. */
export async function loadFeatures(
  dataset: Dataset,
  model: ModelId,
  run: string,
  { signal, report }: CallContext<TrainingProgress>,
): Promise<FrozenFeatures> {
  const context = { signal, report: (progress: Progress) => report({ ...progress, run }) };
  const { data, dims } = await computeEmbedding(dataset, model, context);
  const embedder = await openEmbedder(dataset, model);
  embedder.dispose();
  return { data, dims, stamp: embedder.stamp };
}

/** The rows of some items, in their order. */
export function gatherRows({ data, dims }: FrozenFeatures, items: Int32Array): Float32Array<ArrayBuffer> {
  const rows = new Float32Array(items.length * dims);
  items.forEach((item, i) => rows.set(data.subarray(item * dims, (item + 1) * dims), i * dims));
  return rows;
}

export function rowInputs(features: FrozenFeatures): InputReader {
  return (items) => Promise.resolve(gatherRows(features, items));
}

/**
 * The classes of a training on features.
 * @throws KindredError `bad-input` without two labels: two views of one row would be the same
 */
export function featureClasses(
  table: ItemTable,
  heldOut: ReadonlySet<string>,
  settings: TrainingSettings,
): TrainingSet {
  const set = trainingSet(table, heldOut, settings.loss, settings.supervision);
  if (set.by === 'label') return set;
  throw new KindredError('bad-input', 'Training on the features of an embedding needs items of at least two labels.', {
    remedy: 'Sort the images into folders, one for each class, or train on the images themselves.',
  });
}
