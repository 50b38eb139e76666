import type { CallContext } from '../../rpc/rpc';
import type { Dataset } from '../dataset/dataset';
import { computeEmbedding, embedItems } from '../embedding/compute';
import { itemsDigest } from '../embedding/digest';
import { openEmbedder, type Embedder } from '../embedding/embedder';
import { embeddingId, readRecord } from '../embedding/embedding';
import type { Matrix } from '../store/matrix';
import { readNpyRows } from '../store/npy';
import type { ModelId } from '../types/embedding';
import type { Progress } from '../types/progress';

/** A model's rows of some items, in their order: from the stored embedding where it fits, otherwise computed for them alone. */
export async function rowsOf(
  dataset: Dataset,
  model: ModelId,
  items: readonly number[],
  context: CallContext<Progress>,
): Promise<Matrix> {
  const embedder = await openEmbedder(dataset, model);
  try {
    const data = await dataOf(dataset, model, embedder, items, context);
    return { data, rows: items.length, dims: embedder.dims };
  } finally {
    embedder.dispose();
  }
}

async function dataOf(
  dataset: Dataset,
  model: ModelId,
  embedder: Embedder,
  items: readonly number[],
  context: CallContext<Progress>,
): Promise<Float32Array> {
  if (model.startsWith('vectors:')) {
    const embedding = await computeEmbedding(dataset, model, context); // Rows in the order of the items as they are now.
    const rows = new Float32Array(items.length * embedding.dims);
    items.forEach((item, i) => rows.set(embedding.row(item), i * embedding.dims));
    return rows;
  }
  const record = await readRecord(dataset.paths, embeddingId(model));
  if (record?.stamp === embedder.stamp && record.items === itemsDigest(dataset.items.hashes)) {
    const stored = await readNpyRows(record.file, items).catch(() => undefined);
    if (stored?.data instanceof Float32Array && stored.shape[1] === embedder.dims) return stored.data;
  }
  return embedItems(dataset, embedder, items, context);
}
