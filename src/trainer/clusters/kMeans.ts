import { throwIfCancelled } from '../../rpc/errors';
import { topSimilar } from '../engine/similarity';
import type { Matrix } from '../store/matrix';
import { Random } from '../random';
import { breathe, inSlices } from '../store/slices';

export interface KMeansOptions {
  readonly seed: number;
  /** Clusterings from different starts; the tightest is taken. */
  readonly restarts: number;
  readonly iterations?: number;
  /** Centres have length 1, so that rows of length 1 are compared by their cosine (Dhillon and Modha 2001). */
  readonly spherical?: boolean;
  readonly signal?: AbortSignal;
}

export interface KMeansResult {
  /** The cluster of each row. */
  readonly clusters: Int32Array;
  /** Sum of the squared distances to the centres. */
  readonly inertia: number;
}

/** Lloyd's iterations at most; few data need as many. */
const ITERATIONS = 50;

/**
 * Lloyd's k-means with squared Euclidean distances, started by k-means++ (Arthur and Vassilvitskii 2007). An empty cluster takes
 * the row that is furthest from its centre. Rows are compared with the centres by ONNX Runtime, in its own thread.
 *
 * @param k at most as many as there are rows
 * @throws KindredError `cancelled`
 */
export async function kMeans(vectors: Matrix, k: number, options: KMeansOptions): Promise<KMeansResult> {
  const random = new Random(options.seed).fork('k-means');
  // With -|c|^2 / 2 after each centre c and 1 after each row x, the nearest centre is that of the largest product.
  const rows = widened(vectors);
  let best: KMeansResult | undefined;
  for (let restart = 0; restart < options.restarts; restart++) {
    const found = await cluster(vectors, rows, k, random, options);
    if (best === undefined || found.inertia < best.inertia) best = found;
  }
  return best!;
}

async function cluster(
  vectors: Matrix,
  rows: Matrix,
  k: number,
  random: Random,
  { iterations = ITERATIONS, spherical = false, signal = new AbortController().signal }: KMeansOptions,
): Promise<KMeansResult> {
  let centres = await firstCentres(vectors, k, random, signal);
  let clusters: Int32Array = new Int32Array(0);
  let distances: Float64Array = new Float64Array(0);
  for (let i = 0; i < iterations; i++) {
    throwIfCancelled(signal);
    const { indices } = await topSimilar(rows, withNorms(centres, vectors.dims), 1, {
      signal,
      report: () => undefined,
    });
    distances = await distancesTo(vectors, centres, indices, signal);
    fillEmpty(indices, distances, k);
    const isSettled = clusters.length > 0 && indices.every((cluster, row) => cluster === clusters[row]);
    clusters = Int32Array.from(indices);
    if (isSettled) break;
    centres = await meansOf(vectors, clusters, k, signal);
    if (spherical) toUnitLength(centres, vectors.dims);
  }
  return { clusters, inertia: distances.reduce((sum, distance) => sum + distance, 0) };
}

/** Each next centre is a row, drawn in proportion to its squared distance to the nearest centre so far. */
async function firstCentres(
  { data, rows, dims }: Matrix,
  k: number,
  random: Random,
  signal: AbortSignal,
): Promise<Float64Array> {
  const centres = new Float64Array(k * dims);
  const nearest = new Float64Array(rows).fill(Infinity);
  let chosen = random.integer(rows);
  for (let c = 0; c < k; c++) {
    const centre = data.subarray(chosen * dims, (chosen + 1) * dims);
    centres.set(centre, c * dims);
    let sum = 0;
    await inSlices(
      rows,
      (row) => {
        nearest[row] = Math.min(nearest[row], squaredDistance(data, row * dims, centre, 0, dims));
        sum += nearest[row];
      },
      signal,
    );
    chosen = drawByWeight(nearest, sum, random);
    if (c % 8 === 0) await breathe();
  }
  return centres;
}

function drawByWeight(weights: Float64Array, sum: number, random: Random): number {
  // When every row is a centre's copy, any will do.
  if (!(sum > 0)) return random.integer(weights.length);
  let left = random.next() * sum;
  let last = 0;
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] === 0) continue;
    last = i;
    left -= weights[i];
    if (left < 0) return i;
  }
  return last;
}

function squaredDistance(
  a: ArrayLike<number>,
  from: number,
  b: ArrayLike<number>,
  start: number,
  dims: number,
): number {
  let sum = 0;
  for (let d = 0; d < dims; d++) sum += (a[from + d] - b[start + d]) ** 2;
  return sum;
}

async function distancesTo(
  { data, rows, dims }: Matrix,
  centres: Float64Array,
  clusters: Int32Array,
  signal: AbortSignal,
): Promise<Float64Array> {
  const distances = new Float64Array(rows);
  await inSlices(
    rows,
    (row) => (distances[row] = squaredDistance(data, row * dims, centres, clusters[row] * dims, dims)),
    signal,
  );
  return distances;
}

/** Changes `clusters` and `distances` so that every cluster has a row; one that is alone in its own stays there. */
function fillEmpty(clusters: Int32Array, distances: Float64Array, k: number): void {
  const sizes = new Int32Array(k);
  for (const cluster of clusters) sizes[cluster]++;
  for (let empty = 0; empty < k; empty++) {
    if (sizes[empty] > 0) continue;
    let furthest = -1;
    clusters.forEach((cluster, row) => {
      if (sizes[cluster] > 1 && (furthest < 0 || distances[row] > distances[furthest])) furthest = row;
    });
    if (furthest < 0) return;
    sizes[clusters[furthest]]--;
    sizes[empty]++;
    clusters[furthest] = empty;
    distances[furthest] = 0;
  }
}

async function meansOf(
  { data, rows, dims }: Matrix,
  clusters: Int32Array,
  k: number,
  signal: AbortSignal,
): Promise<Float64Array> {
  const centres = new Float64Array(k * dims);
  const sizes = new Float64Array(k);
  await inSlices(
    rows,
    (row) => {
      sizes[clusters[row]]++;
      for (let d = 0; d < dims; d++) centres[clusters[row] * dims + d] += data[row * dims + d];
    },
    signal,
  );
  return centres.map((value, i) => value / Math.max(1, sizes[Math.floor(i / dims)]));
}

/** A centre that is 0 stays so. */
function toUnitLength(centres: Float64Array, dims: number): void {
  for (let from = 0; from < centres.length; from += dims) {
    const centre = centres.subarray(from, from + dims);
    const norm = Math.sqrt(centre.reduce((sum, value) => sum + value * value, 0));
    if (norm > 0) centre.forEach((value, d) => (centre[d] = value / norm));
  }
}

function widened({ data, rows, dims }: Matrix): Matrix {
  const wide = new Float32Array(rows * (dims + 1)).fill(1);
  for (let row = 0; row < rows; row++) wide.set(data.subarray(row * dims, (row + 1) * dims), row * (dims + 1));
  return { data: wide, rows, dims: dims + 1 };
}

function withNorms(centres: Float64Array, dims: number): Matrix {
  const rows = centres.length / dims;
  const wide = new Float32Array(rows * (dims + 1));
  for (let row = 0; row < rows; row++) {
    const centre = centres.subarray(row * dims, (row + 1) * dims);
    wide.set(centre, row * (dims + 1));
    wide[row * (dims + 1) + dims] = -centre.reduce((sum, value) => sum + value * value, 0) / 2;
  }
  return { data: wide, rows, dims: dims + 1 };
}
