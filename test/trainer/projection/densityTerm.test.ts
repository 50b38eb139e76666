import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Kernels } from '../../../src/trainer/kernels/kernels';
import { nearestOf } from '../../../src/trainer/neighbours/exact';
import { DensityTerm } from '../../../src/trainer/projection/densityTerm';
import { loadEdges } from '../../../src/trainer/projection/edges';
import { forceTable, holdAt, pullAt } from '../../../src/trainer/projection/forceTable';
import { fuzzyGraph, type FuzzyGraph, type NearestNeighbours } from '../../../src/trainer/projection/fuzzyGraph';
import { logRadii, standardised } from '../../../src/trainer/projection/localRadii';
import { loadPlaces, readPlaces } from '../../../src/trainer/projection/places';
import { umapCurve } from '../../../src/trainer/projection/umapCurve';
import { UmapKernels } from '../../../src/trainer/projection/umapKernels';
import { Random } from '../../../src/trainer/random';
import type { Matrix } from '../../../src/trainer/store/matrix';
import { unitRows } from '../neighbours/rows';

let kernels: Kernels;
beforeAll(async () => {
  kernels = await Kernels.start(2);
});
afterAll(() => kernels.close());

const curve = umapCurve(0.1);

function neighboursOf(matrix: Matrix, k: number): NearestNeighbours {
  const lists = Array.from({ length: matrix.rows }, (_, item) => nearestOf(matrix, item, k));
  return {
    k,
    indices: Int32Array.from(lists.flatMap(({ items }) => [...items])),
    distances: Float32Array.from(lists.flatMap(({ distances }) => [...distances])),
  };
}

/** Of one group of rows the directions differ little, of the other much. */
function twoDensities(rows: number): Matrix {
  const random = new Random(4);
  const dims = 6;
  const data = new Float32Array(rows * dims);
  for (let row = 0; row < rows; row++) {
    const [centre, spread] = row % 2 === 0 ? [0, 0.03] : [1, 0.3];
    const values = Array.from({ length: dims }, (_, d) => (d === centre ? 1 : 0) + spread * random.normal());
    const norm = Math.hypot(...values);
    data.set(
      values.map((value) => value / norm),
      row * dims,
    );
  }
  return { data, rows, dims };
}

/** From the definition: every pair of items, in double precision. */
function radiiByDefinition(
  items: number,
  strength: (a: number, b: number) => number,
  square: (a: number, b: number) => number,
): number[] {
  return Array.from({ length: items }, (_, i) => {
    let [sum, weight] = [0, 0];
    for (let j = 0; j < items; j++) {
      const w = strength(i, j);
      if (w === 0) continue;
      sum += w * square(i, j);
      weight += w;
    }
    return Math.log(1e-8 + sum / weight);
  });
}

function correlation(a: readonly number[], b: readonly number[], steady = 0): number {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [ma, mb] = [mean(a), mean(b)];
  const product = (x: readonly number[], mx: number, y: readonly number[], my: number): number =>
    mean(x.map((value, i) => (value - mx) * (y[i] - my)));
  return product(a, ma, b, mb) / Math.sqrt((product(a, ma, a, ma) + steady) * product(b, mb, b, mb));
}

const matrixOf = ({ rows, columns, weights }: FuzzyGraph): Map<string, number> =>
  new Map(Array.from(rows, (row, edge) => [`${row} ${columns[edge]}`, weights[edge]]));

const squareOf = (places: ArrayLike<number>) => (a: number, b: number) =>
  (places[2 * a] - places[2 * b]) ** 2 + (places[2 * a + 1] - places[2 * b + 1]) ** 2;

describe('logRadii', () => {
  it('are the weighted mean squared distances of the definition', () => {
    const matrix = unitRows(60, 5, 3);
    const nearest = neighboursOf(matrix, 6);
    const graph = fuzzyGraph(nearest);
    const weights = matrixOf(graph);
    const distances = Array.from({ length: 60 }, (_, item) => {
      const { items, distances: all } = nearestOf(matrix, item, 59);
      return new Map(Array.from(items, (other, i) => [other, all[i]]));
    });
    const wanted = radiiByDefinition(
      60,
      (i, j) => weights.get(`${i} ${j}`) ?? 0,
      (i, j) => distances[i].get(j)! ** 2,
    );
    logRadii(nearest, graph).forEach((radius, i) => expect(radius).toBeCloseTo(wanted[i], 4));
  });

  it('standardised have mean 0 and variance 1, and are 0 where nothing varies or there is no number', () => {
    const values = standardised(Float64Array.from([1, 2, NaN, 6]));
    expect(values[2]).toBe(0);
    expect(values[0] + values[1] + values[3]).toBeCloseTo(0, 12);
    expect((values[0] ** 2 + values[1] ** 2 + values[3] ** 2) / 3).toBeCloseTo(1, 12);
    expect([...standardised(new Float64Array(5).fill(0.1))]).toEqual([0, 0, 0, 0, 0]);
  });
});

describe('DensityTerm', () => {
  const items = 40;
  const graph = fuzzyGraph(neighboursOf(unitRows(items, 4, 5), 5));
  const joined = matrixOf(graph);
  const random = new Random(6);
  const targets = standardised(Float64Array.from({ length: items }, () => random.normal()));
  const start = Float64Array.from({ length: 2 * items }, () => 2 * random.normal());

  const stepped = (strength: number): Float64Array => {
    const before = kernels.memory.allocated;
    const edges = loadEdges(kernels, graph, items, 1);
    const pulls = kernels.memory.allocateFloats(forceTable((square) => pullAt(curve, square)));
    const term = new DensityTerm(kernels, { targets, strength }, { edges, curve, pulls });
    const places = loadPlaces(kernels, start, 2);
    const after = kernels.memory.zeros(16 * items);
    term.step(places, after, 1);
    const positions = readPlaces(kernels, after, items, 2);
    kernels.memory.release(before);
    return positions;
  };

  it('follows the slope of the correlation of the log radii', () => {
    const objective = (places: ArrayLike<number>): number => {
      const square = squareOf(places);
      const radii = radiiByDefinition(
        items,
        (i, j) => (joined.has(`${i} ${j}`) ? holdAt(curve, square(i, j)) : 0),
        square,
      );
      return correlation(radii, [...targets], 0.1);
    };
    const strength = 0.01;
    const moved = stepped(strength);
    const weight = graph.weights.reduce((sum, value) => sum + value, 0) / 2;
    for (let axis = 0; axis < 2 * items; axis++) {
      const shifted = (by: number): number => objective(start.map((value, i) => value + (i === axis ? by : 0)));
      const slope = (shifted(1e-5) - shifted(-1e-5)) / 2e-5;
      // The mean over the items is part of the slope, and of the step a factor.
      const wanted = 2 * strength * weight * slope;
      expect(moved[axis] - start[axis]).toBeCloseTo(wanted, 3);
      expect(Math.abs(moved[axis] - start[axis] - wanted)).toBeLessThan(1e-5 + 0.01 * Math.abs(wanted));
    }
  });

  const layOut = (matrix: Matrix, nearest: NearestNeighbours, strength: number, on = kernels): Float64Array => {
    const before = on.memory.allocated;
    const all = fuzzyGraph(nearest);
    const from = new Random(2);
    const layout = new UmapKernels(
      on,
      all,
      Float64Array.from({ length: 2 * matrix.rows }, () => 10 * from.next()),
      2,
      {
        ...{ epochs: 200, minDist: 0.1, seed: 3 },
        ...(strength === 0 ? {} : { density: { targets: standardised(logRadii(nearest, all)), strength } }),
      },
    );
    while (layout.step() < layout.epochs);
    const positions = layout.positions();
    on.memory.release(before);
    return positions;
  };

  it('lets dense groups lie dense, which UMAP does not', () => {
    const matrix = twoDensities(600);
    const nearest = neighboursOf(matrix, 10);
    const edges = matrixOf(fuzzyGraph(nearest));
    const wanted = [...logRadii(nearest, fuzzyGraph(nearest))];
    const reached = (strength: number): number => {
      const square = squareOf(layOut(matrix, nearest, strength));
      const radii = radiiByDefinition(
        600,
        (i, j) => (edges.has(`${i} ${j}`) ? holdAt(curve, square(i, j)) : 0),
        square,
      );
      return correlation(radii, wanted);
    };
    const [plain, dense] = [reached(0), reached(2)];
    expect(dense).toBeGreaterThan(0.9);
    expect(dense).toBeGreaterThan(plain + 0.1);
  });

  it('gives the same bytes on any number of threads, and numbers for copies and lonely items', async () => {
    const data = new Float32Array(120 * 4).fill(0.5);
    data.set(unitRows(60, 4, 7).data);
    const matrix = { data, rows: 120, dims: 4 };
    const nearest = neighboursOf(matrix, 5);
    const here = layOut(matrix, nearest, 2);
    expect(here.every(Number.isFinite)).toBe(true);
    for (const threads of [1, 3]) {
      const others = await Kernels.start(threads);
      expect(layOut(matrix, nearest, 2, others)).toEqual(here);
      await others.close();
    }
  });
});
