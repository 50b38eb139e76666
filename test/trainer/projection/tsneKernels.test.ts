import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Kernels } from '../../../src/trainer/kernels/kernels';
import { approximateNeighbours } from '../../../src/trainer/neighbours/approximate';
import { BarnesHut } from '../../../src/trainer/projection/barnesHut';
import type { FuzzyGraph, NearestNeighbours } from '../../../src/trainer/projection/fuzzyGraph';
import { loadPlaces } from '../../../src/trainer/projection/places';
import { neighboursFor, pairProbabilities, shrunk, TsneKernels } from '../../../src/trainer/projection/tsneKernels';
import type { MapDims } from '../../../src/trainer/protocol';
import { Random } from '../../../src/trainer/random';
import { unitRows } from '../neighbours/rows';

let kernels: Kernels;
beforeAll(async () => {
  kernels = await Kernels.start(2);
});
afterAll(() => kernels.close());

const nearestOf = (rows: number, k: number, seed: number): NearestNeighbours =>
  approximateNeighbours(kernels, unitRows(rows, 6, seed), { k, metric: 'euclidean', seed: 1 });

const scattered = (items: number, seed: number, size: number, dims: MapDims = 2): Float64Array => {
  const random = new Random(seed);
  return Float64Array.from({ length: dims * items }, () => size * random.normal());
};

describe('pairProbabilities', () => {
  it('gives each item its perplexity, and sums to 1 over all pairs', () => {
    const nearest = nearestOf(200, 30, 1);
    const { rows, columns, weights } = pairProbabilities(kernels, nearest, 8);
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 4);
    const byPair = new Map(Array.from(rows, (row, i) => [`${row} ${columns[i]}`, weights[i]]));
    for (let item = 0; item < 200; item += 23) {
      const squares = nearest.distances.subarray(item * 30, item * 30 + 30).map((d) => d * d);
      const own = choiceOf(squares, 8);
      for (let j = 0; j < 30; j++) {
        const other = nearest.indices[item * 30 + j];
        const back = Array.from(nearest.indices.subarray(other * 30, other * 30 + 30)).indexOf(item);
        const theirs = choiceOf(
          nearest.distances.subarray(other * 30, other * 30 + 30).map((d) => d * d),
          8,
        );
        const expected = (own[j] + (back < 0 ? 0 : theirs[back])) / 400;
        expect(Math.abs(byPair.get(`${item} ${other}`)! - expected)).toBeLessThan(2e-3 * expected + 1e-7);
        expect(byPair.get(`${other} ${item}`)).toBe(byPair.get(`${item} ${other}`));
      }
    }
  });

  it('is even where all neighbours are as near as each other', () => {
    const indices = Int32Array.from([1, 2, 0, 2, 0, 1]);
    const same = { k: 2, indices, distances: new Float32Array(6).fill(0.5) };
    pairProbabilities(kernels, same, 30).weights.forEach((weight) => expect(weight).toBeCloseTo(1 / 6, 6));
    const duplicates = { k: 2, indices, distances: new Float32Array(6) };
    pairProbabilities(kernels, duplicates, 30).weights.forEach((weight) => expect(weight).toBeCloseTo(1 / 6, 6));
  });

  it.each([
    [30, 1000, 90],
    [30, 50, 49],
    [5, 2, 1],
  ])('wants three times the perplexity of neighbours, as far as there are: %s of %s items', (perplexity, items, k) => {
    expect(neighboursFor(perplexity, items)).toBe(k);
  });
});

/** By a search over beta in small steps. */
function choiceOf(squares: Float32Array, perplexity: number): number[] {
  let best: number[] = [];
  let nearest = Infinity;
  for (let beta = 0.01; beta < 500; beta *= 1.002) {
    const weights = Array.from(squares, (square) => Math.exp(-beta * square));
    const sum = weights.reduce((a, b) => a + b, 0);
    const shares = weights.map((weight) => weight / sum);
    const entropy = -shares.reduce((a, p) => a + (p > 0 ? p * Math.log(p) : 0), 0);
    if (Math.abs(entropy - Math.log(perplexity)) >= nearest) continue;
    nearest = Math.abs(entropy - Math.log(perplexity));
    best = shares;
  }
  return best;
}

/** All pairs, by definition. */
function exactly(positions: Float64Array, dims: MapDims = 2): { forces: Float64Array; total: number } {
  const forces = new Float64Array(positions.length);
  let total = 0;
  for (let i = 0; i < positions.length; i += dims)
    for (let j = 0; j < positions.length; j += dims) {
      if (i === j) continue;
      let square = 0;
      for (let axis = 0; axis < dims; axis++) square += (positions[i + axis] - positions[j + axis]) ** 2;
      const q = 1 / (1 + square);
      total += q;
      for (let axis = 0; axis < dims; axis++) forces[i + axis] += q * q * (positions[i + axis] - positions[j + axis]);
    }
  return { forces, total };
}

describe.each([2, 3] as const)('BarnesHut in %s dimensions', (dims) => {
  it.each([
    ['exact when no cell may stand for its points', 300, 0, 1e-4],
    ['within three in a hundred at the usual width', 3000, 0.5, 0.03],
    ['one leaf', 7, 0.5, 1e-4],
  ])('is %s', (_, items, theta, error) => {
    const positions = scattered(items, 1, 8, dims);
    const before = kernels.memory.allocated;
    const tree = new BarnesHut(kernels, items, theta, dims);
    const total = tree.repel(loadPlaces(kernels, positions, dims));
    const forces = kernels.memory.floats(tree.forces, dims * items);
    const exact = exactly(positions, dims);
    expect(Math.abs(total / exact.total - 1)).toBeLessThan(error);
    const norm = (values: ArrayLike<number>): number => Math.hypot(...Array.from(values));
    expect(norm(exact.forces.map((force, i) => force - forces[i])) / norm(exact.forces)).toBeLessThan(error);
    kernels.memory.release(before);
  });

  it('bears points in one place, on a line and far away', () => {
    const length = 40 * dims;
    const positions = Float64Array.from({ length }, (_, i) => (i < length / 2 ? 1 : i % dims === 0 ? i : 3));
    positions[length - 1] = 1e6;
    const before = kernels.memory.allocated;
    const tree = new BarnesHut(kernels, 40, 0.5, dims);
    const total = tree.repel(loadPlaces(kernels, positions, dims));
    expect(total).toBeCloseTo(exactly(positions, dims).total, 0);
    expect(kernels.memory.floats(tree.forces, length).every(Number.isFinite)).toBe(true);
    kernels.memory.release(before);
  });
});

/** The divergence that t-SNE makes small, over all pairs. */
function divergence({ rows, columns, weights }: FuzzyGraph, positions: Float64Array, dims: MapDims): number {
  const { total } = exactly(positions, dims);
  return rows.reduce((sum, row, i) => {
    let square = 0;
    for (let axis = 0; axis < dims; axis++)
      square += (positions[dims * row + axis] - positions[dims * columns[i] + axis]) ** 2;
    return sum + weights[i] * Math.log(weights[i] * total * (1 + square));
  }, 0);
}

describe.each([2, 3] as const)('TsneKernels in %s dimensions', (dims) => {
  it('makes its first step against the slope of the divergence', () => {
    const graph = pairProbabilities(kernels, nearestOf(8, 7, 3), 2);
    const positions = scattered(8, 2, 1, dims).map(Math.fround);
    const before = kernels.memory.allocated;
    const layout = new TsneKernels(kernels, graph, positions, dims);
    layout.step();
    const moved = layout.positions().map((value, i) => value - positions[i]);
    kernels.memory.release(before);
    // At the start the attraction is 12 times as strong; gains are 0.8, and the rate is 50.
    const slope = positions.map((_, i) => {
      const at = (step: number): number => {
        const other = Float64Array.from(positions);
        other[i] += step;
        const { total } = exactly(other, dims);
        return 12 * (divergence(graph, other, dims) - Math.log(total)) + Math.log(total);
      };
      return (at(1e-5) - at(-1e-5)) / 2e-5;
    });
    slope.forEach((value, i) => expect(moved[i]).toBeCloseTo(-50 * 0.8 * value, 2));
  });

  it('makes the divergence small, and gives the same places on any number of threads', async () => {
    const nearest = nearestOf(300, 30, 4);
    const graph = pairProbabilities(kernels, nearest, 10);
    const start = shrunk(scattered(300, 5, 3, dims), new Random(1), dims);
    const layOut = (on: Kernels): Float64Array => {
      const layout = new TsneKernels(on, graph, start, dims);
      while (layout.step() < layout.epochs);
      return layout.positions();
    };
    const positions = layOut(kernels);
    expect(positions.every(Number.isFinite)).toBe(true);
    expect(divergence(graph, positions, dims)).toBeLessThan(0.7 * divergence(graph, start, dims));
    for (const threads of [1, 3]) {
      const others = await Kernels.start(threads);
      expect(layOut(others)).toEqual(positions);
      await others.close();
    }
  });
});
