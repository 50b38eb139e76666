import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Kernels } from '../../../src/trainer/kernels/kernels';
import { eigenOf } from '../../../src/trainer/linear/eigen';
import type { FuzzyGraph } from '../../../src/trainer/projection/fuzzyGraph';
import { turnedTo } from '../../../src/trainer/projection/procrustes';
import { spectralPositions } from '../../../src/trainer/projection/spectral';
import { Random } from '../../../src/trainer/random';

let kernels: Kernels;
beforeAll(async () => {
  kernels = await Kernels.start(2);
});
afterAll(() => kernels.close());

function graphOf(edges: readonly (readonly [number, number, number])[]): FuzzyGraph {
  const both = edges.flatMap(([a, b, weight]) => [
    [a, b, weight],
    [b, a, weight],
  ]);
  both.sort(([a, b], [c, d]) => a - c || b - d);
  return {
    rows: Int32Array.from(both, ([row]) => row),
    columns: Int32Array.from(both, ([, column]) => column),
    weights: Float64Array.from(both, ([, , weight]) => weight),
  };
}

const scattered = (items: number, seed: number): Float64Array => {
  const random = new Random(seed);
  return Float64Array.from({ length: 2 * items }, () => random.normal());
};

/** The second and third eigenvector of D^-1/2 W D^-1/2, divided by the root of the degree. */
function exactly({ rows, columns, weights }: FuzzyGraph, items: number): Float64Array {
  const degrees = new Float64Array(items);
  rows.forEach((row, i) => (degrees[row] += weights[i]));
  const matrix = new Float64Array(items * items);
  rows.forEach((row, i) => {
    matrix[row * items + columns[i]] = weights[i] / Math.sqrt(degrees[row] * degrees[columns[i]]);
  });
  const { vectors } = eigenOf(matrix, items);
  return Float64Array.from(
    { length: 2 * items },
    (_, i) => vectors[(1 + (i & 1)) * items + (i >> 1)] / Math.sqrt(degrees[i >> 1]),
  );
}

const column = (positions: ArrayLike<number>, axis: number): number[] =>
  Array.from(positions).filter((_, i) => i % 2 === axis);
const cosine = (a: number[], b: number[]): number =>
  a.reduce((sum, value, i) => sum + value * b[i], 0) / (Math.hypot(...a) * Math.hypot(...b));

describe('spectralPositions', () => {
  it('are the eigenvectors of the graph', () => {
    const random = new Random(2);
    // A chain with shortcuts to near items: smooth vectors are far apart.
    const graph = graphOf(
      Array.from({ length: 240 }, (_, i) => [i >> 1, (i >> 1) + 1 + (i & 1) * 2, 0.2 + random.next()] as const).filter(
        ([, b]) => b < 120,
      ),
    );
    const found = spectralPositions(kernels, graph, scattered(120, 1));
    const truth = exactly(graph, 120);
    for (const axis of [0, 1])
      expect(Math.abs(cosine(column(found, axis), column(truth, axis)))).toBeGreaterThan(0.999);
  });

  it('tells two parts apart, and bears items without edges', () => {
    const part = (from: number): (readonly [number, number, number])[] =>
      Array.from({ length: 20 }, (_, i) => [from + i, from + ((i + 1) % 20), 1] as const);
    const found = spectralPositions(kernels, graphOf([...part(0), ...part(20)]), scattered(43, 3));
    expect(found.every(Number.isFinite)).toBe(true);
    const side = column(found, 0).slice(0, 40).map(Math.sign);
    expect(new Set(side.slice(0, 20)).size).toBe(1);
    expect(side[20]).toBe(-side[0]);
  });
});

describe('turnedTo', () => {
  it.each([
    ['turned', 1],
    ['mirrored', -1],
  ])('finds back what was %s, moved and has some noise', (_, side) => {
    const target = scattered(50, 4);
    const random = new Random(5);
    const [c, s] = [Math.cos(2), Math.sin(2)];
    const moved = new Float64Array(100);
    for (let i = 0; i < 100; i += 2) {
      const [x, y] = [target[i], side * target[i + 1]];
      moved[i] = 7 + c * x - s * y + 0.01 * random.normal();
      moved[i + 1] = -3 + s * x + c * y + 0.01 * random.normal();
    }
    const back = turnedTo(moved, target);
    const middle = [0, 1].map((axis) => column(target, axis).reduce((sum, value) => sum + value / 50, 0));
    back.forEach((value, i) => expect(Math.abs(value + middle[i % 2] - target[i])).toBeLessThan(0.06));
  });

  it('leaves items in one place', () => {
    expect([...turnedTo(new Float64Array(6).fill(2), [1, 2, 3, 4, 5, 6])]).toEqual(new Array(6).fill(0));
  });
});
