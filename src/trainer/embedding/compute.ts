import { join } from 'node:path';
import { KindredError, throwIfCancelled } from '../../rpc/errors';
import type { CallContext } from '../../rpc/rpc';
import type { Dataset } from '../dataset/dataset';
import { files } from '../store/files';
import { ProgressMeter } from '../store/progressMeter';
import { breathe } from '../store/slices';
import type { ModelId } from '../types/embedding';
import type { Progress } from '../types/progress';
import { itemsDigest } from './digest';
import { openEmbedder, type Embedder } from './embedder';
import { Embedding, embeddingFiles, embeddingId, readRecord, readRows, toSummary } from './embedding';
import { type ItemRows, openItemRows } from './itemRows';
import { EmbeddingParts, PART_ROWS } from './parts';
import { inTurn, writeEmbedding } from './writer';

/**
 * The model's embedding of all items, from the store where it fits the items and the model as they are now. Otherwise the rows
 * of items that it knows are kept, the rest is computed, and `embeddings/<id>.npy` (float32, one L2-normalised row an item) is
 * written with its record. Work that was cut short goes on where it was. The same pictures and model give the same bytes.
 *
 * @param partRows rows that are lost at most when the work is cut short
 * @throws KindredError as `openEmbedder`, `ensurePixels` and the writing of files do; `cancelled`
 */
export async function computeEmbedding(
  dataset: Dataset,
  model: ModelId,
  context: CallContext<Progress>,
  partRows = PART_ROWS,
): Promise<Embedding> {
  throwIfCancelled(context.signal);
  let begun = false;
  const result = inTurn(dataset.paths, model, () => {
    begun = true;
    return computeAlone(dataset, model, context, partRows);
  });
  // Who only waits for another's work need not wait for its end; work that has begun stops by itself.
  let stop: () => void = () => undefined;
  const cancelled = new Promise<never>((_, reject) => {
    stop = () => {
      if (!begun) reject(new KindredError('cancelled', 'Cancelled.'));
    };
  });
  context.signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([result, cancelled]);
  } finally {
    // One signal may outlive many embeddings.
    context.signal.removeEventListener('abort', stop);
  }
}

async function computeAlone(
  dataset: Dataset,
  model: ModelId,
  context: CallContext<Progress>,
  partRows: number,
): Promise<Embedding> {
  throwIfCancelled(context.signal);
  const embedder = await openEmbedder(dataset, model);
  try {
    const known = await readKnown(dataset, embeddingId(model), embedder);
    if (known?.whole !== undefined) return known.whole;
    const { dims } = embedder;
    const rows = new Float32Array(dataset.items.count * dims);
    const missing = takeKnown(dataset.items.hashes, known?.byHash, rows, dims);
    if (missing.length > 0 && embedder.refuse !== undefined) throw embedder.refuse(missing.length);
    const parts = new EmbeddingParts(partsFolder(dataset, model), embedder.stamp, dims, partRows);
    const unreadable = embedder.base
      ? await computeFromBase(dataset, { ...embedder, base: embedder.base }, missing, rows, context)
      : await computeParts(dataset, embedder, missing, rows, parts, context);
    throwIfCancelled(context.signal);
    const embedding = await writeEmbedding(dataset, model, embedder, rows, unreadable);
    await parts.clear();
    return embedding;
  } finally {
    embedder.dispose();
  }
}

/**
 * Rows of some items, not kept: for measuring what is not worth a file.
 * @returns row-major, one row of `embedder.dims` for each of `items`, in their order
 */
export async function embedItems(
  dataset: Dataset,
  embedder: Embedder,
  items: readonly number[],
  context: CallContext<Progress>,
): Promise<Float32Array> {
  if (embedder.base) return embedFromBase(dataset, embedder.base, items, context);
  const read = await openItemRows(dataset, embedder, context);
  try {
    const unit = `${dataset.summary.modality}s`;
    const meter = new ProgressMeter(context.report, `Embedding ${unit}`, items.length, unit);
    return await embedBatches(read, embedder, items, meter, context.signal);
  } finally {
    await read.close();
  }
}

function partsFolder(dataset: Dataset, model: ModelId): string {
  return join(dataset.paths.embeddings, `${embeddingId(model)}.parts`);
}

interface Known {
  /** Set when the store's embedding is the one that is asked for. */
  readonly whole?: Embedding;
  readonly byHash?: ReadonlyMap<string, Float32Array>;
}

/** What the store has by this model. A damaged file is as good as none: the store is a cache. */
async function readKnown(dataset: Dataset, id: string, embedder: Embedder): Promise<Known | undefined> {
  const record = await readRecord(dataset.paths, id);
  if (record?.stamp !== embedder.stamp || record.dims !== embedder.dims) return undefined;
  try {
    const data = await readRows(record);
    if (record.unreadable === 0 && record.items === itemsDigest(dataset.items.hashes))
      return { whole: new Embedding(toSummary(record), record.digest, data, record.count, record.dims) };
    const hashes = (await files().readFile(embeddingFiles(dataset.paths, id).items))
      .toString('utf8')
      .split('\n')
      .filter(Boolean);
    if (itemsDigest(hashes) !== record.items || hashes.length !== record.count) return undefined;
    const byHash = new Map(hashes.map((hash, i) => [hash, data.subarray(i * record.dims, (i + 1) * record.dims)]));
    // Which rows are of files that could not be read is not known, only that these are zeros.
    if (record.unreadable > 0)
      for (const [hash, row] of byHash) if (row.every((value) => value === 0)) byHash.delete(hash);
    return { byHash };
  } catch {
    return undefined;
  }
}

/** Copies the rows that are known, one for all copies of a file; gives the items that are not. */
function takeKnown(
  hashes: readonly string[],
  known: ReadonlyMap<string, Float32Array> | undefined,
  rows: Float32Array,
  dims: number,
): number[] {
  const missing: number[] = [];
  hashes.forEach((hash, item) => {
    const row = known?.get(hash);
    if (row === undefined) missing.push(item);
    else rows.set(row, item * dims);
  });
  return missing;
}

/** Fills the rows of the missing items; those whose file is gone or has changed stay zeros. Gives how many these are. */
async function computeParts(
  dataset: Dataset,
  embedder: Embedder,
  missing: readonly number[],
  rows: Float32Array,
  parts: EmbeddingParts,
  context: CallContext<Progress>,
): Promise<number> {
  if (missing.length === 0) return 0;
  const read = await openItemRows(dataset, embedder, context);
  try {
    // Pixels are all read now; texts that cannot be read are told when they are.
    const unreadable = new Set(read.problems.map((problem) => problem.path));
    const readable = missing.filter((item) => !unreadable.has(dataset.items.paths[item]));
    const unit = `${dataset.summary.modality}s`;
    const meter = new ProgressMeter(context.report, `Embedding ${unit}`, readable.length, unit);
    for (let start = 0; start < readable.length; start += parts.length) {
      const items = readable.slice(start, start + parts.length);
      const hashes = items.map((item) => dataset.items.hashes[item]);
      const part = await parts.read(hashes);
      if (part !== undefined) meter.add(items.length);
      const computed = part ?? (await embedBatches(read, embedder, items, meter, context.signal));
      // The last part goes straight into the finished file.
      if (part === undefined && start + parts.length < readable.length) await parts.write(hashes, computed);
      scatter(computed, items, rows, embedder.dims);
    }
    return new Set(read.problems.map((problem) => problem.path)).size;
  } finally {
    await read.close();
  }
}

async function embedBatches(
  read: ItemRows,
  embedder: Embedder,
  items: readonly number[],
  meter: ProgressMeter,
  signal: AbortSignal,
): Promise<Float32Array> {
  const rows = new Float32Array(items.length * embedder.dims);
  for (let start = 0; start < items.length; start += embedder.batch) {
    throwIfCancelled(signal);
    const batch = items.slice(start, start + embedder.batch);
    rows.set(await read.of(batch), start * embedder.dims);
    meter.add(batch.length);
    await breathe();
  }
  return rows;
}

type Base = NonNullable<Embedder['base']>;

/** Rows made from those of the base embedding, which is computed where it is not there yet. */
async function embedFromBase(
  dataset: Dataset,
  base: Base,
  items: readonly number[],
  context: CallContext<Progress>,
): Promise<Float32Array> {
  const features = await computeEmbedding(dataset, base.model, context);
  const made: Float32Array[] = [];
  for (let start = 0; start < items.length; start += HEAD_ROWS) {
    throwIfCancelled(context.signal);
    const some = items.slice(start, start + HEAD_ROWS);
    const rows = new Float32Array(some.length * features.dims);
    some.forEach((item, i) => rows.set(features.row(item), i * features.dims));
    made.push(await base.embedRows(rows, some.length));
    await breathe();
  }
  const whole = new Float32Array(made.reduce((length, part) => length + part.length, 0));
  made.reduce((at, part) => (whole.set(part, at), at + part.length), 0);
  return whole;
}

/** Rows of the base that are handed to a head at once. */
const HEAD_ROWS = 1024;

/** As `computeParts`; it is too fast to be worth parts. Items whose file could not be read have rows of zeros in the base. */
async function computeFromBase(
  dataset: Dataset,
  { base, dims }: Pick<Embedder, 'dims'> & { readonly base: Base },
  missing: readonly number[],
  rows: Float32Array,
  context: CallContext<Progress>,
): Promise<number> {
  if (missing.length === 0) return 0;
  scatter(await embedFromBase(dataset, base, missing, context), missing, rows, dims);
  return (await readRecord(dataset.paths, embeddingId(base.model)))?.unreadable ?? 0;
}

function scatter(part: Float32Array, items: readonly number[], rows: Float32Array, dims: number): void {
  items.forEach((item, i) => rows.set(part.subarray(i * dims, (i + 1) * dims), item * dims));
}
