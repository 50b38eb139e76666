import type { Kernels } from '../kernels/kernels';
import { ROWS_AT_A_TIME } from '../kernels/rows';
import type { MapDims } from '../types/embedding';
import { type Edges, loadEdges } from './edges';
import type { FuzzyGraph } from './fuzzyGraph';
import { symmetricEigen } from './symmetricEigen';

/** As many vectors as fit into a register. */
const WIDTH = 4;
const DEGREE = 24;
const MOST_ROUNDS = 12;
/** It has settled when no eigenvalue changes by more than this. */
const SETTLED = 1e-5;
/** Below this eigenvalue nothing is wanted at first; later, below the least that was found. */
const FIRST_CUT = 0.9;

/**
 * Where items lie by the two (in space three) smoothest ways to spread over a graph: the leading eigenvectors of D^-1/2 W D^-1/2 beside the one that is
 * the same for all (Belkin and Niyogi 2003), which is UMAP's own start. By subspace iteration with a Chebyshev filter (Zhou et al. 2006).
 * @param start `dims` numbers of each item, from which it begins; what is not connected is told apart by it only
 * @returns `dims` numbers of each item in turn
 */
export function spectralPositions(
  kernels: Kernels,
  graph: FuzzyGraph,
  start: Float64Array,
  dims: MapDims = 2,
): Float64Array {
  const { memory } = kernels;
  const before = memory.allocated;
  const items = start.length / dims;
  const search = new SpectralSearch(kernels, loadEdges(kernels, graph, items, 1), items, dims);
  search.begin(start);
  let values = search.rotate();
  for (let round = 0; round < MOST_ROUNDS; round++) {
    search.filter(Math.min(values[WIDTH - 1], FIRST_CUT));
    const next = search.rotate();
    const change = Math.max(...next.slice(0, dims).map((value, i) => Math.abs(value - values[i])));
    values = next;
    if (change < SETTLED) break;
  }
  const positions = search.leading();
  memory.release(before);
  return positions;
}

class SpectralSearch {
  private readonly roots: number;
  /** The vector of eigenvalue 1, of length 1. */
  private readonly trivial: Float64Array;
  private vectors: number;
  private images: number;
  private spare: number;

  constructor(
    private readonly kernels: Kernels,
    private readonly edges: Edges,
    private readonly items: number,
    private readonly dims: MapDims,
  ) {
    const { memory } = kernels;
    const degrees = new Float64Array(items);
    const starts = memory.integers(edges.starts, items + 1);
    const weights = memory.floats(edges.weights, edges.count);
    for (let item = 0; item < items; item++)
      for (let edge = starts[item]; edge < starts[item + 1]; edge++) degrees[item] += weights[edge];
    const total = degrees.reduce((sum, degree) => sum + degree, 0);
    this.trivial = degrees.map((degree) => Math.sqrt(degree / total));
    this.roots = memory.allocateFloats(degrees.map((degree) => (degree > 0 ? 1 / Math.sqrt(degree) : 0)));
    this.vectors = memory.zeros(16 * items);
    this.images = memory.zeros(16 * items);
    this.spare = memory.zeros(16 * items);
  }

  /** The given positions, and as many squares and products, which are as smooth, as there is room for. */
  begin(start: Float64Array): void {
    const vectors = this.floats(this.vectors);
    const { dims } = this;
    for (let item = 0; item < this.items; item++) {
      const [x, y, z] = start.subarray(dims * item, dims * (item + 1));
      vectors.set(dims === 2 ? [x, y, x * y, x * x - y * y] : [x, y, z, x * y], WIDTH * item);
    }
  }

  /** Makes large what belongs to eigenvalues above `cut`, and keeps the rest small. */
  filter(cut: number): void {
    // From -1 to cut becomes -1 to 1, where Chebyshev's polynomials stay small.
    const half = (cut + 1) / 2;
    const middle = (cut - 1) / 2;
    const [first, none] = [this.vectors, this.kernels.memory.allocated];
    const zeros = this.kernels.memory.zeros(16 * this.items);
    this.step(zeros, first, this.images, 1 / half, -middle / half);
    this.kernels.memory.release(none);
    let [before, now, after] = [first, this.images, this.spare];
    for (let degree = 2; degree <= DEGREE; degree++) {
      this.step(before, now, after, 2 / half, (-2 * middle) / half);
      [before, now, after] = [now, after, before];
    }
    [this.vectors, this.images, this.spare] = [now, before, after];
  }

  /** Makes the vectors orthonormal and turns them to where the graph is diagonal among them; gives its eigenvalues, largest first. */
  rotate(): readonly number[] {
    this.orthonormalise();
    const zeros = this.kernels.memory.allocated;
    this.step(this.kernels.memory.zeros(16 * this.items), this.vectors, this.images, 1, 0);
    this.kernels.memory.release(zeros);
    const [vectors, images] = [this.floats(this.vectors), this.floats(this.images)];
    const small = Array.from({ length: WIDTH }, (_, i) =>
      Array.from({ length: WIDTH }, (__, j) => (dot(vectors, i, images, j) + dot(vectors, j, images, i)) / 2),
    );
    const { values, vectors: turns } = symmetricEigen(small);
    for (let at = 0; at < vectors.length; at += WIDTH) {
      const row = Array.from(vectors.subarray(at, at + WIDTH));
      for (let j = 0; j < WIDTH; j++) vectors[at + j] = row.reduce((sum, value, i) => sum + value * turns[j][i], 0);
    }
    return values;
  }

  /** The first `dims`, divided by the root of each item's degree, so that items of one place in the graph have one place here. */
  leading(): Float64Array {
    const vectors = this.floats(this.vectors);
    const roots = this.kernels.memory.floats(this.roots, this.items);
    const { dims, items } = this;
    const positions = new Float64Array(dims * items);
    for (let item = 0; item < items; item++)
      for (let axis = 0; axis < dims; axis++)
        positions[dims * item + axis] = vectors[WIDTH * item + axis] * roots[item];
    return positions;
  }

  private step(before: number, middle: number, after: number, scale: number, shift: number): void {
    const { starts, ends, weights } = this.edges;
    const graph = [starts, ends, weights, this.roots];
    this.kernels.run('smoothVectors', this.items, ROWS_AT_A_TIME, ...graph, before, middle, after, scale, shift);
  }

  /** Gram and Schmidt, twice for accuracy, against the trivial vector first. */
  private orthonormalise(): void {
    const vectors = this.floats(this.vectors);
    for (let j = 0; j < WIDTH; j++)
      for (let pass = 0; pass < 2; pass++) {
        let along = 0;
        for (let item = 0; item < this.items; item++) along += this.trivial[item] * vectors[WIDTH * item + j];
        for (let item = 0; item < this.items; item++) vectors[WIDTH * item + j] -= along * this.trivial[item];
        for (let i = 0; i < j; i++) subtract(vectors, j, i, dot(vectors, i, vectors, j));
        const length = Math.sqrt(dot(vectors, j, vectors, j));
        for (let at = j; at < vectors.length; at += WIDTH) vectors[at] = length > 0 ? vectors[at] / length : 0;
      }
  }

  private floats(at: number): Float32Array {
    return this.kernels.memory.floats(at, WIDTH * this.items);
  }
}

function dot(a: Float32Array, i: number, b: Float32Array, j: number): number {
  let sum = 0;
  for (let at = 0; at < a.length; at += WIDTH) sum += a[at + i] * b[at + j];
  return sum;
}

function subtract(vectors: Float32Array, from: number, what: number, times: number): void {
  for (let at = 0; at < vectors.length; at += WIDTH) vectors[at + from] -= times * vectors[at + what];
}
