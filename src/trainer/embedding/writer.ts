import type { Dataset } from '../dataset/dataset';
import { writeFileAtomic } from '../store/atomic';
import { Mutex } from '../store/concurrency';
import { writeNpy } from '../store/npy';
import type { StorePaths } from '../store/paths';
import type { ModelId } from '../types/embedding';
import { dataDigest, itemsDigest } from './digest';
import type { Embedder } from './embedder';
import { Embedding, embeddingFiles, embeddingId } from './embedding';

const working = new Map<string, Mutex>();

/** Two requests for one embedding do the work once: the second waits, and finds it done. */
export function inTurn<T>(paths: StorePaths, model: ModelId, work: () => Promise<T>): Promise<T> {
  const { rows: file } = embeddingFiles(paths, embeddingId(model));
  let mutex = working.get(file);
  if (mutex === undefined) working.set(file, (mutex = new Mutex()));
  return mutex.run(work);
}

/**
 * Writes the embedding of all items, to be called in turn. The record comes last; should the work end before, the digest in
 * the old one tells that the rows are not its own.
 *
 * @param made what made the rows
 * @param unreadable how many rows are zeros because their file could not be read
 */
export async function writeEmbedding(
  dataset: Dataset,
  model: ModelId,
  { dims, stamp }: Pick<Embedder, 'dims' | 'stamp'>,
  rows: Float32Array,
  unreadable: number,
): Promise<Embedding> {
  const id = embeddingId(model);
  const { hashes, count } = dataset.items;
  const file = embeddingFiles(dataset.paths, id);
  const summary = { id, model, count, dims, created: new Date().toISOString(), file: file.rows };
  const digest = await dataDigest(rows);
  await writeNpy(file.rows, { data: rows, shape: [count, dims] });
  await writeFileAtomic(file.items, hashes.map((hash) => `${hash}\n`).join(''));
  const record = { ...summary, stamp, items: itemsDigest(hashes), digest, unreadable };
  await writeFileAtomic(file.record, `${JSON.stringify(record, null, 2)}\n`);
  return new Embedding(summary, digest, rows, count, dims);
}
