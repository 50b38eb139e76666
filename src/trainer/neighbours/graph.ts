import { join } from 'node:path';
import { throwIfCancelled } from '../../rpc/errors';
import type { CallContext } from '../../rpc/rpc';
import type { Dataset } from '../dataset/dataset';
import type { Embedding } from '../embedding/embedding';
import { topSimilar } from '../engine/similarity';
import { writeFileAtomic } from '../store/atomic';
import { files } from '../store/files';
import { readNpy, writeNpy } from '../store/npy';
import { inSlices } from '../store/slices';
import type { Progress } from '../types/progress';
import { cosineDistance } from './cosine';

/** The k nearest neighbours of every item, row-major; each row nearest first. */
export interface NeighbourGraph {
  /** As asked for, or one less than the number of items when there are not as many. */
  readonly k: number;
  readonly indices: Int32Array;
  /** Cosine distances, 0 to 2. */
  readonly distances: Float32Array;
}

/**
 * The nearest neighbours of every item: exact, the item itself left out by index (a duplicate counts as a neighbour). Kept in
 * `neighbours/<id>.npy` (int32) and `<id>.distances.npy` (float32) until the embedding changes or more neighbours are asked for.
 */
export async function neighbourGraph(
  dataset: Pick<Dataset, 'paths'>,
  embedding: Embedding,
  k: number,
  context: CallContext<Progress>,
): Promise<NeighbourGraph> {
  const wanted = Math.max(0, Math.min(Math.floor(k), embedding.rows - 1));
  if (wanted === 0) return { k: 0, indices: new Int32Array(0), distances: new Float32Array(0) };
  const stored = new StoredGraph(dataset.paths.neighbours, embedding);
  const known = await stored.read(wanted);
  if (known !== undefined) return known;
  throwIfCancelled(context.signal);
  const { data, rows, dims } = embedding;
  const vectors = { data, rows, dims };
  const found = await topSimilar(vectors, vectors, wanted + 1, context);
  const graph = await withoutSelf(found, rows, wanted, context.signal);
  await stored.write(graph);
  return graph;
}

/** Of k + 1 that were found for each item, leaves out the item itself; when it is not among them, the last. */
async function withoutSelf(
  found: { readonly indices: Int32Array; readonly similarities: Float32Array },
  rows: number,
  k: number,
  signal: AbortSignal,
): Promise<NeighbourGraph> {
  const indices = new Int32Array(rows * k);
  const distances = new Float32Array(rows * k);
  await inSlices(
    rows,
    (item) => {
      const from = item * (k + 1);
      const self = found.indices.subarray(from, from + k + 1).indexOf(item);
      for (let j = 0; j < k; j++) {
        const source = from + (self >= 0 && j >= self ? j + 1 : j);
        indices[item * k + j] = found.indices[source];
        distances[item * k + j] = cosineDistance(found.similarities[source]);
      }
    },
    signal,
  );
  return { k, indices, distances };
}

/** A graph in the store. The record tells of which rows it is; anything that does not fit counts as not there. */
class StoredGraph {
  private readonly base: string;

  constructor(
    folder: string,
    private readonly embedding: Embedding,
  ) {
    this.base = join(folder, embedding.summary.id);
  }

  async read(k: number): Promise<NeighbourGraph | undefined> {
    try {
      const record = JSON.parse((await files().readFile(`${this.base}.json`)).toString('utf8')) as {
        digest?: string;
        k?: number;
      };
      if (record.digest !== this.embedding.digest || record.k === undefined || record.k < k) return undefined;
      const [indices, distances] = await Promise.all([
        readNpy(`${this.base}.npy`),
        readNpy(`${this.base}.distances.npy`),
      ]);
      if (!(indices.data instanceof Int32Array) || !(distances.data instanceof Float32Array)) return undefined;
      const length = this.embedding.rows * record.k;
      if (indices.data.length !== length || distances.data.length !== length) return undefined;
      return firstNeighbours({ k: record.k, indices: indices.data, distances: distances.data }, k);
    } catch {
      return undefined;
    }
  }

  async write({ k, indices, distances }: NeighbourGraph): Promise<void> {
    const shape = [this.embedding.rows, k];
    // Without a record, half of a new graph beside half of an old one is no graph.
    await writeFileAtomic(`${this.base}.json`, '{}\n');
    await writeNpy(`${this.base}.npy`, { data: indices, shape });
    await writeNpy(`${this.base}.distances.npy`, { data: distances, shape });
    await writeFileAtomic(`${this.base}.json`, `${JSON.stringify({ digest: this.embedding.digest, k })}\n`);
  }
}

/** The first `k` columns of a graph that may have more. */
export function firstNeighbours(graph: NeighbourGraph, k: number): NeighbourGraph {
  if (graph.k === k) return graph;
  const rows = graph.indices.length / graph.k;
  const indices = new Int32Array(rows * k);
  const distances = new Float32Array(rows * k);
  for (let row = 0; row < rows; row++) {
    indices.set(graph.indices.subarray(row * graph.k, row * graph.k + k), row * k);
    distances.set(graph.distances.subarray(row * graph.k, row * graph.k + k), row * k);
  }
  return { k, indices, distances };
}
