import { join } from 'node:path';
import { isCancelled, throwIfCancelled } from '../../rpc/errors';
import type { CallContext } from '../../rpc/rpc';
import type { Dataset } from '../dataset/dataset';
import type { Embedding } from '../embedding/embedding';
import { findItemsAgain, itemKeys, KEY_WORDS } from '../embedding/itemKeys';
import { topSimilar } from '../engine/similarity';
import { writeFileAtomic } from '../store/atomic';
import { files } from '../store/files';
import { readNpy, readNpyShape, writeNpy } from '../store/npy';
import { inSlices } from '../store/slices';
import type { Progress } from '../types/progress';
import { approximateGraph } from './approximateGraph';
import { cosineDistance } from './cosine';
import type { Metric } from './metric';
import type { NeighboursTask } from './worker';

/** The k nearest neighbours of every item, row-major; each row nearest first. */
export interface NeighbourGraph {
  /** As asked for, or one less than the number of items when there are not as many. */
  readonly k: number;
  readonly indices: Int32Array;
  /** By the metric that was asked for. */
  readonly distances: Float32Array;
  /** Share of the true neighbours that are in it: 1 when all items were compared, else measured on a sample. */
  readonly recall: number;
}

/** So many multiplications take about a second; with more, nearly all neighbours are found in a fraction of the time. */
const EXACT_UP_TO = 5e10;
const SEED = 1;

/**
 * The nearest neighbours of every item, the item itself left out by index (a duplicate counts as a neighbour): exact for some thousand
 * items and for products, nearly all for more. Kept in `neighbours/<id>.npy` (int32) and `<id>.distances.npy` (float32), with the metric's name for
 * others than the cosine, until more neighbours are asked for. When rows have joined or left, a graph that is not exact is brought up to date
 * where that is faster than another search; for that it keeps `<id>.items.npy`.
 */
export async function neighbourGraph(
  dataset: Pick<Dataset, 'paths'>,
  embedding: Embedding,
  k: number,
  context: CallContext<Progress>,
  metric: Metric = 'cosine',
): Promise<NeighbourGraph> {
  const wanted = Math.max(0, Math.min(Math.floor(k), embedding.rows - 1));
  if (wanted === 0) return { k: 0, indices: new Int32Array(0), distances: new Float32Array(0), recall: 1 };
  const stored = new StoredGraph(dataset.paths.neighbours, embedding, metric);
  const known = await stored.read(wanted);
  if (known !== undefined) return known;
  throwIfCancelled(context.signal);
  const { rows, dims } = embedding;
  const isSmall = metric === 'cosine' && rows * rows * dims <= EXACT_UP_TO;
  if (isSmall || metric === 'dot') {
    const graph = await exactGraph(embedding, wanted, metric, context);
    await stored.write(graph);
    return graph;
  }
  const keys = await itemKeys(embedding, undefined, context.signal);
  const earlier = await stored.earlier(wanted, keys, context.signal);
  // What others have asked for is kept up to date with it.
  const settings = { k: earlier?.k ?? wanted, metric, seed: SEED };
  const graph = await approximateGraph({ file: embedding.summary.file, settings, earlier }, context);
  await stored.write(graph, keys);
  return firstNeighbours(graph, wanted);
}

async function exactGraph(
  { data, rows, dims }: Embedding,
  k: number,
  metric: 'cosine' | 'dot',
  context: CallContext<Progress>,
): Promise<NeighbourGraph> {
  const vectors = { data, rows, dims };
  const found = await topSimilar(vectors, vectors, k + 1, context);
  const distanceOf = metric === 'dot' ? (product: number): number => -product : cosineDistance;
  return withoutSelf(found, rows, k, distanceOf, context.signal);
}

/** Of k + 1 that were found for each item, leaves out the item itself; when it is not among them, the last. */
async function withoutSelf(
  found: { readonly indices: Int32Array; readonly similarities: Float32Array },
  rows: number,
  k: number,
  distanceOf: (similarity: number) => number,
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
        distances[item * k + j] = distanceOf(found.similarities[source]);
      }
    },
    signal,
  );
  return { k, indices, distances, recall: 1 };
}

interface GraphRecord {
  /** Of the embedding's rows. */
  readonly digest: string;
  readonly k: number;
  readonly recall: number;
  /** `<id>.items.npy` has the keys of the rows. */
  readonly keyed: boolean;
}

/** A graph in the store. The record tells of which rows it is; anything that does not fit counts as not there. */
class StoredGraph {
  private readonly base: string;

  constructor(
    folder: string,
    private readonly embedding: Embedding,
    metric: Metric,
  ) {
    this.base = join(folder, metric === 'cosine' ? embedding.summary.id : `${embedding.summary.id}-${metric}`);
  }

  async read(k: number): Promise<NeighbourGraph | undefined> {
    try {
      const record = await this.record();
      if (record.digest !== this.embedding.digest || record.k === undefined || record.k < k) return undefined;
      const [indices, distances] = await Promise.all([
        readNpy(`${this.base}.npy`),
        readNpy(`${this.base}.distances.npy`),
      ]);
      if (!(indices.data instanceof Int32Array) || !(distances.data instanceof Float32Array)) return undefined;
      const length = this.embedding.rows * record.k;
      if (indices.data.length !== length || distances.data.length !== length) return undefined;
      const { recall = 1 } = record;
      return firstNeighbours({ k: record.k, indices: indices.data, distances: distances.data, recall }, k);
    } catch {
      return undefined;
    }
  }

  /**
   * The graph of the rows that there were before, if it holds as many neighbours.
   * @param keys of the rows of now
   */
  async earlier(k: number, keys: Int32Array, signal: AbortSignal): Promise<NeighboursTask['earlier']> {
    try {
      const record = await this.record();
      if (record.k === undefined || record.k < k || record.keyed !== true) return undefined;
      const [{ data }, shape] = await Promise.all([
        readNpy(`${this.base}.items.npy`),
        readNpyShape(`${this.base}.npy`),
      ]);
      if (!(data instanceof Int32Array) || data.length !== shape[0] * KEY_WORDS || shape[1] !== record.k)
        return undefined;
      const before = await findItemsAgain(data, keys, signal);
      return { file: `${this.base}.npy`, k: record.k, before, recall: record.recall ?? 1 };
    } catch (error) {
      if (isCancelled(error)) throw error;
      return undefined;
    }
  }

  private async record(): Promise<Partial<GraphRecord>> {
    return JSON.parse((await files().readFile(`${this.base}.json`)).toString('utf8')) as Partial<GraphRecord>;
  }

  /** @param keys of its rows, where it shall be brought up to date later */
  async write({ k, indices, distances, recall }: NeighbourGraph, keys?: Int32Array): Promise<void> {
    const shape = [this.embedding.rows, k];
    const record: GraphRecord = { digest: this.embedding.digest, k, recall, keyed: keys !== undefined };
    // Without a record, half of a new graph beside half of an old one is no graph.
    await writeFileAtomic(`${this.base}.json`, '{}\n');
    await writeNpy(`${this.base}.npy`, { data: indices, shape });
    await writeNpy(`${this.base}.distances.npy`, { data: distances, shape });
    if (keys !== undefined)
      await writeNpy(`${this.base}.items.npy`, { data: keys, shape: [this.embedding.rows, KEY_WORDS] });
    await writeFileAtomic(`${this.base}.json`, `${JSON.stringify(record)}\n`);
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
  return { k, indices, distances, recall: graph.recall };
}
