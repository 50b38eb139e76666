import { describe, expect, it } from 'vitest';
import { macroMeans, retrievalMeasures } from '../../../src/trainer/evaluation/measures';
import { searchQueries } from '../../../src/trainer/evaluation/queries';
import { MEASURES, type RetrievalMeasures } from '../../../src/trainer/types/evaluation';
import { Random } from '../../../src/trainer/random';
import { unitRows, type Rows } from '../neighbours/rows';
import { dot, naiveMacro, naiveMicro, naiveQueries } from './naive';

async function expectSame(rows: Rows, labels: Int32Array): Promise<void> {
  const expected = naiveQueries(rows, labels);
  const found = await searchQueries(rows.data, rows.rows, rows.dims, labels);
  expect([...found.rows]).toEqual(expected.map(({ row }) => row));
  expect([...found.labels]).toEqual(expected.map(({ label }) => label));
  expect([...found.nearest]).toEqual(expected.map(({ nearest }) => nearest));
  found.rows.forEach((row, i) => expect(found.similarity[i]).toBeCloseTo(dot(rows, row, found.nearest[i]), 5));
  const { queries, ...micro } = await retrievalMeasures(rows.data, rows.rows, rows.dims, labels);
  expect(queries).toBe(expected.length);
  expectClose(micro, naiveMicro(expected));
  expectClose(macroMeans(found), naiveMacro(expected));
}

function expectClose(found: RetrievalMeasures, expected: RetrievalMeasures): void {
  for (const measure of MEASURES) expect(found[measure], measure).toBeCloseTo(expected[measure], 10);
}

describe('retrievalMeasures', { timeout: 60_000 }, () => {
  it.each([
    ['pairs, whose partner may be far away', 300, (i: number) => Math.floor(i / 2)],
    ['few large classes', 300, (i: number) => i % 3],
    [
      'classes of all sizes, some items without a label',
      250,
      (i: number) => (i % 7 === 0 ? -1 : Math.floor(Math.sqrt(i))),
    ],
    ['singletons among pairs', 90, (i: number) => (i < 30 ? i : 30 + Math.floor(i / 2))],
    ['one class', 40, () => 0],
    ['two items', 2, () => 3],
    ['one class among singletons', 12, (i: number) => (i < 3 ? 0 : i)],
  ])('agree with the definitions: %s', async (_, rows, labelOf) => {
    const labels = Int32Array.from({ length: rows }, (__, i) => labelOf(i));
    await expectSame(unitRows(rows, 6, rows), labels);
  });

  it('agree with the definitions where rows tie, which then rank by index', async () => {
    const random = new Random(4);
    const axes = 5;
    const data = new Float32Array(120 * axes);
    for (let i = 0; i < 120; i++) data[i * axes + random.integer(axes)] = 1; // each row is an axis: dot products are 0 or 1
    await expectSame(
      { data, rows: 120, dims: axes },
      Int32Array.from({ length: 120 }, () => random.integer(9)),
    );
  });

  it('agree with an example that was worked out by hand', async () => {
    // On a quarter of a circle, the smaller the angle to the query (item 0) the nearer: its class is 1st, 3rd and 6th.
    const angles = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7];
    const data = Float32Array.from(angles.flatMap((angle) => [Math.cos(angle), Math.sin(angle)]));
    const labels = Int32Array.of(0, 0, 1, 0, 2, 3, 0, 4);
    const { firstHit, rPrecision, averagePrecision } = await searchQueries(data, 8, 2, labels);
    expect(firstHit[0]).toBe(1);
    expect(rPrecision[0]).toBeCloseTo(2 / 3, 12);
    expect(averagePrecision[0]).toBeCloseTo((1 + 2 / 3) / 3, 12);
  });

  it('count a duplicate as a neighbour, and remove the query by its index alone', async () => {
    // Four copies of one picture, two of each class: the nearest of 0 and 3 is by index, 1 and 0.
    const data = new Float32Array(Array.from({ length: 4 }, () => [0.6, 0.8]).flat());
    await expectSame({ data, rows: 4, dims: 2 }, Int32Array.of(0, 1, 1, 0));
    const same = await retrievalMeasures(data, 4, 2, Int32Array.of(0, 1, 1, 0));
    expect(same).toMatchObject({ recallAt1: 0.25, recallAt5: 1, queries: 4 });
  });

  it('are 1 where every class is apart, and 0 of nothing', async () => {
    const data = Float32Array.of(1, 0, 1, 0, 0, 1, 0, 1);
    const all = await retrievalMeasures(data, 4, 2, Int32Array.of(5, 5, 2, 2));
    expect(all.queries).toBe(4);
    for (const measure of MEASURES) expect(all[measure]).toBe(1);
    for (const [rows, labels] of [
      [4, Int32Array.of(0, 1, 2, 3)],
      [4, new Int32Array(4).fill(-1)],
      [0, new Int32Array(0)],
    ] as const) {
      const none = await retrievalMeasures(rows === 0 ? new Float32Array(0) : data, rows, 2, labels);
      expect(none.queries).toBe(0);
      for (const measure of MEASURES) expect(none[measure]).toBe(0);
    }
  });

  it('can be taken on some queries, searching all items', async () => {
    const matrix = unitRows(60, 5, 8);
    const labels = Int32Array.from({ length: 60 }, (_, i) => i % 6);
    const some = await retrievalMeasures(matrix.data, 60, 5, labels, { maxQueries: 20 });
    // Every third item is a query; the others keep their places but ask nothing.
    const asked = naiveQueries(matrix, labels).filter(({ row }) => row % 3 === 0);
    expect(some.queries).toBe(20);
    expectClose(some, naiveMicro(asked));
  });

  it('can be cancelled', async () => {
    const { data } = unitRows(10, 2, 1);
    const cancelled = retrievalMeasures(data, 10, 2, new Int32Array(10), { signal: AbortSignal.abort() });
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
  });
});
