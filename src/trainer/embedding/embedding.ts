import { join } from 'node:path';
import { KindredError } from '../../rpc/errors';
import type { Dataset } from '../dataset/dataset';
import { files } from '../store/files';
import { readNpy } from '../store/npy';
import type { StorePaths } from '../store/paths';
import type { EmbeddingSummary, ModelId } from '../types/embedding';
import { dataDigest, itemsDigest } from './digest';

/** What `<id>.json` says beside the summary. */
export interface EmbeddingRecord extends EmbeddingSummary {
  /** Names what made it, down to the weights: another stamp, another embedding. */
  readonly stamp: string;
  /** Of the content hashes of its items, in the order of the rows; the hashes themselves are in `<id>.items.txt`. */
  readonly items: string;
  /** Of the rows; what is made from the embedding keeps it, and is made anew when it differs. */
  readonly digest: string;
  /** Items whose file was gone or had changed; their rows are zeros, and are tried again the next time. */
  readonly unreadable: number;
}

/** One L2-normalised row an item, row-major; a picture of which nothing can be said is a row of zeros. */
export class Embedding {
  constructor(
    readonly summary: EmbeddingSummary,
    readonly digest: string,
    readonly data: Float32Array,
    readonly rows: number,
    readonly dims: number,
  ) {}

  row(item: number): Float32Array {
    return this.data.subarray(item * this.dims, (item + 1) * this.dims);
  }
}

/** Safe as a file name: `descriptor`, `pixels`, `run-<name>`, `vectors-<name>`. */
export function embeddingId(model: ModelId): string {
  return model.replace(/^(run|vectors):/, '$1-');
}

export function embeddingFiles(paths: StorePaths, id: string): { rows: string; record: string; items: string } {
  const base = join(paths.embeddings, id);
  return { rows: `${base}.npy`, record: `${base}.json`, items: `${base}.items.txt` };
}

/** What the store says of an embedding; undefined when there is none, or its record cannot be read. */
export async function readRecord(paths: StorePaths, id: string): Promise<EmbeddingRecord | undefined> {
  const text = await files()
    .readFile(embeddingFiles(paths, id).record)
    .catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const record = JSON.parse(text.toString('utf8')) as Partial<EmbeddingRecord>;
    // The file is named by the store and not by the record, which may have been moved with its folder.
    return isRecord(record) ? { ...record, file: embeddingFiles(paths, id).rows } : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(record: Partial<EmbeddingRecord>): record is EmbeddingRecord {
  return (
    typeof record.stamp === 'string' &&
    typeof record.items === 'string' &&
    typeof record.digest === 'string' &&
    typeof record.unreadable === 'number' &&
    typeof record.dims === 'number' &&
    typeof record.count === 'number'
  );
}

/** @throws KindredError when the file of rows is gone, cut short, or not the one that the record was written for */
export async function readRows(record: EmbeddingRecord): Promise<Float32Array> {
  const { data, shape } = await readNpy(record.file);
  const fits = data instanceof Float32Array && shape[0] === record.count && shape[1] === record.dims;
  if (!fits || (await dataDigest(data)) !== record.digest) {
    throw new KindredError('bad-input', `${record.file} is not the embedding that its record describes.`, {
      remedy: 'Delete it and compute the embedding again.',
      path: record.file,
    });
  }
  return data;
}

/**
 * An embedding of the items as they are now.
 * @param id as in its summary
 * @throws KindredError `not-found` when it was never computed, or the items have changed since
 */
export async function loadEmbedding(dataset: Dataset, id: string): Promise<Embedding> {
  const record = isSafeName(id) ? await readRecord(dataset.paths, id) : undefined;
  if (record === undefined) {
    throw new KindredError('not-found', `There is no embedding "${id}" of ${dataset.summary.name}.`, {
      remedy: `Compute it first: kindred embed, or "Explore Embeddings" in the editor.`,
    });
  }
  if (record.items !== itemsDigest(dataset.items.hashes)) {
    throw new KindredError('not-found', `The embedding "${id}" was made before items were added, removed or changed.`, {
      remedy: 'Compute it again; only what is new takes time.',
      path: record.file,
    });
  }
  return new Embedding(toSummary(record), record.digest, await readRows(record), record.count, record.dims);
}

/** Newest first; those too that were made before the dataset changed. */
export async function listEmbeddings(dataset: Pick<Dataset, 'paths'>): Promise<readonly EmbeddingSummary[]> {
  const entries = await files()
    .readdir(dataset.paths.embeddings)
    .catch(() => []);
  const names = entries.map((entry) => entry.name);
  const ids = names.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -'.json'.length));
  const records = await Promise.all(ids.map((id) => readRecord(dataset.paths, id)));
  return records
    .filter((record) => record !== undefined)
    .map(toSummary)
    .sort((a, b) => (a.created === b.created ? (a.id < b.id ? -1 : 1) : a.created < b.created ? 1 : -1));
}

export function toSummary({ id, model, count, dims, created, file }: EmbeddingRecord): EmbeddingSummary {
  return { id, model, count, dims, created, file };
}

/** Whether a name stays in the folder that it is put in. */
export function isSafeName(name: string): boolean {
  return name !== '' && !/[/\\\0]/.test(name) && name !== '.' && name !== '..';
}
