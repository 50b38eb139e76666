import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Kernels } from '../../../src/trainer/kernels/kernels';
import { eigenOf } from '../../../src/trainer/linear/eigen';
import type { FuzzyGraph } from '../../../src/trainer/projection/fuzzyGraph';
import { turnedTo } from '../../../src/trainer/projection/procrustes';
import { spectralPositions } from '../../../src/trainer/projection/spectral';
import type { MapDims } from '../../../src/trainer/protocol';
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

const scattered = (items: number, seed: number, dims: MapDims = 2): Float64Array => {
  const random = new Random(seed);
  return Float64Array.from({ length: dims * items }, () => random.normal());
};

/** The eigenvectors of D^-1/2 W D^-1/2 from the second on, divided by the root of the degree. */
function exactly({ rows, columns, weights }: FuzzyGraph, items: number, dims: MapDims): Float64Array {
  const degrees = new Float64Array(items);
  rows.forEach((row, i) => (degrees[row] += weights[i]));
  const matrix = new Float64Array(items * items);
  rows.forEach((row, i) => {
    matrix[row * items + columns[i]] = weights[i] / Math.sqrt(degrees[row] * degrees[columns[i]]);
  });
  const { vectors } = eigenOf(matrix, items);
  return Float64Array.from(
    { length: dims * items },
    (_, i) => vectors[(1 + (i % dims)) * items + Math.floor(i / dims)] / Math.sqrt(degrees[Math.floor(i / dims)]),
  );
}

const column = (positions: ArrayLike<number>, axis: number, dims: MapDims = 2): number[] =>
  Array.from(positions).filter((_, i) => i % dims === axis);
const cosine = (a: number[], b: number[]): number =>
  a.reduce((sum, value, i) => sum + value * b[i], 0) / (Math.hypot(...a) * Math.hypot(...b));

describe('spectralPositions', () => {
  it.each([2, 3] as const)('are the eigenvectors of the graph, in %s dimensions', (dims) => {
    const random = new Random(2);
    // A chain with shortcuts to near items: smooth vectors are far apart.
    const graph = graphOf(
      Array.from({ length: 240 }, (_, i) => [i >> 1, (i >> 1) + 1 + (i & 1) * 2, 0.2 + random.next()] as const).filter(
        ([, b]) => b < 120,
      ),
    );
    const found = spectralPositions(kernels, graph, scattered(120, 1, dims), dims);
    const truth = exactly(graph, 120, dims);
    for (let axis = 0; axis < dims; axis++)
      expect(Math.abs(cosine(column(found, axis, dims), column(truth, axis, dims)))).toBeGreaterThan(0.999);
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

  it.each([
    ['turned', 1, 3],
    ['mirrored', -1, 3],
    ['turned, and lies on a plane', 1, 2],
    ['turned, and lies on a line', 1, 1],
  ])('finds back in space what was %s', (_, side, rank) => {
    const target = scattered(50, 4, 3).map((value, i) => (i % 3 < rank ? value : 0));
    // About z by 2, then about x by 0.7: orthogonal, as its rows are.
    const [c, s, d, t] = [Math.cos(2), Math.sin(2), Math.cos(0.7), Math.sin(0.7)];
    const turn = [
      [c, -s, 0],
      [d * s, d * c, -t],
      [t * s, t * c, d],
    ];
    const random = new Random(5);
    const moved = target.map((_value, i) => {
      const [x, y, z] = target.subarray(i - (i % 3), i - (i % 3) + 3);
      const row = turn[i % 3];
      return (i % 3) + row[0] * x + row[1] * y + side * row[2] * z + 0.001 * random.normal();
    });
    const back = turnedTo(moved, target, 3);
    const middle = [0, 1, 2].map((axis) => column(target, axis, 3).reduce((sum, value) => sum + value / 50, 0));
    back.forEach((value, i) => expect(Math.abs(value + middle[i % 3] - target[i])).toBeLessThan(0.006));
    // Distances stay.
    for (let i = 3; i < back.length; i += 3) {
      const apart = (places: Float64Array): number =>
        Math.hypot(places[i] - places[0], places[i + 1] - places[1], places[i + 2] - places[2]);
      expect(apart(back)).toBeCloseTo(apart(moved), 10);
    }
  });

  it('leaves items in one place', () => {
    expect([...turnedTo(new Float64Array(6).fill(2), [1, 2, 3, 4, 5, 6], 3)]).toEqual(new Array(6).fill(0));
    expect([...turnedTo(new Float64Array(6).fill(2), [1, 2, 3, 4, 5, 6])]).toEqual(new Array(6).fill(0));
  });
});
