import { describe, expect, it } from 'vitest';
import { retrievalMeasures, type RetrievalResult } from '../../../src/trainer/evaluation/measures';
import { MeasureTally } from '../../../src/trainer/evaluation/tally';
import { Random } from '../../../src/trainer/random';
import { unitRows, type Rows } from '../neighbours/rows';

/** The definitions of metric learning's evaluation, one query after the other, in float64, with a full sort. */
function naive({ data, rows, dims }: Rows, labels: Int32Array): RetrievalResult {
  const sums = { recallAt1: 0, recallAt5: 0, rPrecision: 0, mapAtR: 0 };
  let queries = 0;
  for (let query = 0; query < rows; query++) {
    if (labels[query] < 0) continue;
    const others = Array.from({ length: rows }, (_, i) => i).filter((i) => i !== query && labels[i] >= 0);
    const R = others.filter((i) => labels[i] === labels[query]).length;
    if (R === 0) continue;
    queries++;
    const similarity = (i: number): number => {
      let sum = 0;
      for (let d = 0; d < dims; d++) sum += data[query * dims + d] * data[i * dims + d];
      return sum;
    };
    const ranked = others.map((i) => ({ i, s: similarity(i) })).sort((a, b) => b.s - a.s || a.i - b.i);
    const relevant = ranked.map(({ i }) => (labels[i] === labels[query] ? 1 : 0));
    const hits = (n: number): number => relevant.slice(0, n).reduce<number>((a, b) => a + b, 0);
    sums.recallAt1 += hits(1);
    sums.recallAt5 += hits(5) > 0 ? 1 : 0;
    sums.rPrecision += hits(R) / R;
    let ap = 0;
    for (let i = 1; i <= R; i++) if (relevant[i - 1]) ap += hits(i) / i;
    sums.mapAtR += ap / R;
  }
  const n = Math.max(1, queries);
  return {
    recallAt1: sums.recallAt1 / n,
    recallAt5: sums.recallAt5 / n,
    rPrecision: sums.rPrecision / n,
    mapAtR: sums.mapAtR / n,
    queries,
  };
}

function expectSame(found: RetrievalResult, expected: RetrievalResult): void {
  expect(found.queries).toBe(expected.queries);
  for (const name of ['recallAt1', 'recallAt5', 'rPrecision', 'mapAtR'] as const)
    expect(found[name]).toBeCloseTo(expected[name], 10);
}

describe('MeasureTally', () => {
  it('gives the values of an example worked out by hand', () => {
    const tally = new MeasureTally();
    // R = 3: of the first three, the 1st and 3rd are right. P(1) = 1, P(3) = 2/3.
    tally.add([1, 0, 1, 0, 0, 1], 3);
    expect(tally.means()).toEqual({ recallAt1: 1, recallAt5: 1, rPrecision: 2 / 3, mapAtR: (1 + 2 / 3) / 3 });
    // R = 2: nothing among the first two, the first right one is 5th.
    tally.add([0, 0, 0, 0, 1, 1], 2);
    const means = tally.means();
    expect(means.recallAt1).toBe(0.5);
    expect(means.recallAt5).toBe(1);
    expect(means.rPrecision).toBeCloseTo(1 / 3, 12);
    expect(means.mapAtR).toBeCloseTo(5 / 18, 12);
    // R = 1: the right one comes 6th.
    tally.add([0, 0, 0, 0, 0, 1], 1);
    expect(tally.means().recallAt5).toBeCloseTo(2 / 3, 12);
  });
});

describe('retrievalMeasures', { timeout: 60_000 }, () => {
  it.each([
    ['pairs', 80, (i: number) => Math.floor(i / 2)],
    ['few large classes', 300, (i: number) => i % 3],
    [
      'classes of all sizes, some items without a label',
      250,
      (i: number) => (i % 7 === 0 ? -1 : Math.floor(Math.sqrt(i))),
    ],
    ['singletons among pairs', 90, (i: number) => (i < 30 ? i : 30 + Math.floor(i / 2))],
    ['one class', 40, () => 0],
  ])('agree with the definitions: %s', async (_, rows, labelOf) => {
    const matrix = unitRows(rows, 6, rows);
    const labels = Int32Array.from({ length: rows }, (__, i) => labelOf(i));
    expectSame(await retrievalMeasures(matrix.data, rows, 6, labels), naive(matrix, labels));
  });

  it('agree with the definitions where rows tie, which then rank by index', async () => {
    const random = new Random(4);
    const axes = 5;
    const data = new Float32Array(120 * axes);
    for (let i = 0; i < 120; i++) data[i * axes + random.integer(axes)] = 1; // each row is an axis: dot products are 0 or 1
    const matrix = { data, rows: 120, dims: axes };
    const labels = Int32Array.from({ length: 120 }, () => random.integer(9));
    expectSame(await retrievalMeasures(data, 120, axes, labels), naive(matrix, labels));
  });

  it('count a duplicate as a neighbour, and remove the query by its index alone', async () => {
    // Four copies of one picture, two of each class: the nearest of 0 and 3 is by index, 1 and 0.
    const data = new Float32Array(Array.from({ length: 4 }, () => [0.6, 0.8]).flat());
    const same = await retrievalMeasures(data, 4, 2, Int32Array.of(0, 1, 1, 0));
    expect(same).toEqual(naive({ data, rows: 4, dims: 2 }, Int32Array.of(0, 1, 1, 0)));
    expect(same).toMatchObject({ recallAt1: 0.25, recallAt5: 1, queries: 4 });
  });

  it('are 1 where every class is apart, and 0 of nothing', async () => {
    const data = Float32Array.of(1, 0, 1, 0, 0, 1, 0, 1);
    const perfect = { recallAt1: 1, recallAt5: 1, rPrecision: 1, mapAtR: 1 };
    expect(await retrievalMeasures(data, 4, 2, Int32Array.of(5, 5, 2, 2))).toEqual({ ...perfect, queries: 4 });
    const none = { recallAt1: 0, recallAt5: 0, rPrecision: 0, mapAtR: 0, queries: 0 };
    expect(await retrievalMeasures(data, 4, 2, Int32Array.of(0, 1, 2, 3))).toEqual(none);
    expect(await retrievalMeasures(data, 4, 2, new Int32Array(4).fill(-1))).toEqual(none);
    expect(await retrievalMeasures(new Float32Array(0), 0, 2, new Int32Array(0))).toEqual(none);
  });

  it('can be taken on some queries, searching all items', async () => {
    const matrix = unitRows(60, 5, 8);
    const labels = Int32Array.from({ length: 60 }, (_, i) => i % 6);
    const some = await retrievalMeasures(matrix.data, 60, 5, labels, { maxQueries: 20 });
    expect(some.queries).toBe(20);
    // Every third item is a query; the others keep their places but ask nothing.
    const all = Array.from({ length: 20 }, (_, q) => 3 * q).map((query) => {
      const nearest = [...labels.keys()]
        .filter((i) => i !== query)
        .map((i) => ({ i, s: dot(matrix, query, i) }))
        .sort((a, b) => b.s - a.s)[0];
      return labels[nearest.i] === labels[query] ? 1 : 0;
    });
    expect(some.recallAt1).toBeCloseTo(all.reduce<number>((a, b) => a + b, 0) / 20, 12);
  });

  it('can be cancelled', async () => {
    const { data } = unitRows(10, 2, 1);
    const cancelled = retrievalMeasures(data, 10, 2, new Int32Array(10), { signal: AbortSignal.abort() });
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
  });
});

function dot({ data, dims }: Rows, a: number, b: number): number {
  let sum = 0;
  for (let d = 0; d < dims; d++) sum += data[a * dims + d] * data[b * dims + d];
  return sum;
}
