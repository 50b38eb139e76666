import type { Kernels } from '../kernels/kernels';
import { type KernelRows, ROWS_AT_A_TIME } from '../kernels/rows';
import { Random } from '../random';

export interface KMeansOptions {
  readonly seed: number;
  /** Clusterings from different starts; the tightest is taken. */
  readonly restarts: number;
  readonly iterations?: number;
  /** Centres have length 1, so that rows of length 1 are compared by their cosine (Dhillon and Modha 2001). */
  readonly spherical?: boolean;
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
 * the row that is furthest from its centre. Runs to its end in the calling thread and the kernels' own; the same on any number of them.
 *
 * @param k at most as many as there are rows
 */
export function kMeans(kernels: Kernels, rows: KernelRows, k: number, options: KMeansOptions): KMeansResult {
  const random = new Random(options.seed).fork('k-means');
  const before = kernels.memory.allocated;
  const search = new Lloyd(kernels, rows, k, options.spherical ?? false);
  let best: KMeansResult | undefined;
  for (let restart = 0; restart < options.restarts; restart++) {
    const found = search.run(random, options.iterations ?? ITERATIONS);
    if (best === undefined || found.inertia < best.inertia) best = found;
  }
  kernels.memory.release(before);
  return best!;
}

class Lloyd {
  private readonly values: Float32Array;
  private readonly centresAt: number;
  private readonly centres: Float32Array;
  private readonly nearestAt: number;
  private readonly nearest: Int32Array;
  private readonly squaresAt: number;
  private readonly squares: Float32Array;
  /** Numbers from one row to the next. */
  private readonly width: number;

  constructor(
    private readonly kernels: Kernels,
    private readonly rows: KernelRows,
    private readonly k: number,
    private readonly spherical: boolean,
  ) {
    const { memory } = kernels;
    this.width = rows.bytes / 4;
    this.centresAt = memory.zeros(k * rows.bytes);
    this.nearestAt = memory.allocate(4 * rows.rows);
    this.squaresAt = memory.allocate(4 * rows.rows);
    // Views are taken when all is allocated: the memory may have grown.
    this.values = memory.floats(rows.at, rows.rows * this.width);
    this.centres = memory.floats(this.centresAt, k * this.width);
    this.nearest = memory.integers(this.nearestAt, rows.rows);
    this.squares = memory.floats(this.squaresAt, rows.rows);
  }

  run(random: Random, iterations: number): KMeansResult {
    this.begin(random);
    const { at, rows, bytes } = this.rows;
    let clusters: Int32Array = new Int32Array(0);
    for (let i = 0; i < iterations; i++) {
      const found = [at, bytes, this.centresAt, this.k, this.nearestAt, this.squaresAt];
      this.kernels.run('nearestCentres', rows, ROWS_AT_A_TIME, ...found);
      fillEmpty(this.nearest, this.squares, this.k);
      const isSettled = clusters.length > 0 && this.nearest.every((cluster, row) => cluster === clusters[row]);
      clusters = Int32Array.from(this.nearest);
      if (isSettled) break;
      this.moveCentres();
    }
    return { clusters, inertia: this.squares.reduce((sum, square) => sum + square, 0) };
  }

  /** Each next centre is a row, drawn in proportion to its squared distance to the nearest centre so far. */
  private begin(random: Random): void {
    const { at, rows, bytes } = this.rows;
    const { width } = this;
    this.squares.fill(Infinity);
    let chosen = random.integer(rows);
    for (let c = 0; c < this.k; c++) {
      this.centres.set(this.values.subarray(chosen * width, (chosen + 1) * width), c * width);
      this.kernels.run('lowerSquares', rows, ROWS_AT_A_TIME, at, bytes, this.centresAt + c * bytes, this.squaresAt);
      chosen = drawByWeight(this.squares, random);
    }
  }

  private moveCentres(): void {
    const { k, width, values, nearest, centres } = this;
    const sums = new Float64Array(k * width);
    const sizes = new Float64Array(k);
    for (let row = 0; row < nearest.length; row++) {
      const to = nearest[row] * width;
      const from = row * width;
      sizes[nearest[row]]++;
      for (let d = 0; d < width; d++) sums[to + d] += values[from + d];
    }
    for (let c = 0; c < k; c++) {
      const sum = sums.subarray(c * width, (c + 1) * width);
      const length = this.spherical ? Math.sqrt(sum.reduce((total, value) => total + value * value, 0)) : sizes[c];
      // A centre that is 0 stays so.
      for (let d = 0; d < width; d++) centres[c * width + d] = length > 0 ? sum[d] / length : 0;
    }
  }
}

function drawByWeight(weights: Float32Array, random: Random): number {
  const sum = weights.reduce((total, weight) => total + weight, 0);
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

/** Changes `clusters` and `squares` so that every cluster has a row; one that is alone in its own stays there. */
function fillEmpty(clusters: Int32Array, squares: Float32Array, k: number): void {
  const sizes = new Int32Array(k);
  for (const cluster of clusters) sizes[cluster]++;
  for (let empty = 0; empty < k; empty++) {
    if (sizes[empty] > 0) continue;
    let furthest = -1;
    clusters.forEach((cluster, row) => {
      if (sizes[cluster] > 1 && (furthest < 0 || squares[row] > squares[furthest])) furthest = row;
    });
    if (furthest < 0) return;
    sizes[clusters[furthest]]--;
    sizes[empty]++;
    clusters[furthest] = empty;
    squares[furthest] = 0;
  }
}
