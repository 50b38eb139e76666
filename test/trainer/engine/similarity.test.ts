import { describe, expect, it } from 'vitest';
import { topSimilar } from '../../../src/trainer/engine/similarity';
import type { Matrix } from '../../../src/trainer/store/matrix';
import { Random } from '../../../src/trainer/random';
import type { Progress } from '../../../src/trainer/types/progress';

function unitVectors(rows: number, dims: number, seed: number): Matrix {
  const random = new Random(seed);
  const data = new Float32Array(rows * dims);
  for (let row = 0; row < rows; row++) {
    const values = Array.from({ length: dims }, () => random.normal());
    const norm = Math.hypot(...values);
    values.forEach((value, i) => (data[row * dims + i] = value / norm));
  }
  return { data, rows, dims };
}

/** From the definition, in double precision. */
function naive(queries: Matrix, items: Matrix, k: number): { index: number; similarity: number }[][] {
  return Array.from({ length: queries.rows }, (_, q) =>
    Array.from({ length: items.rows }, (__, index) => {
      let similarity = 0;
      for (let d = 0; d < items.dims; d++)
        similarity += queries.data[q * items.dims + d] * items.data[index * items.dims + d];
      return { index, similarity };
    })
      .sort((a, b) => b.similarity - a.similarity || a.index - b.index)
      .slice(0, k),
  );
}

const quiet = { signal: new AbortController().signal, report: () => undefined };

describe('topSimilar', () => {
  it.each([
    ['within a block', 20, 300, 5],
    ['over several blocks of queries and of items', 300, 8500, 7],
    ['with a last block that holds less than k', 3, 8195, 12],
    ['as many as there are', 4, 9, 9],
  ])('agrees with a plain loop: %s', async (_, rows, count, k) => {
    const queries = unitVectors(rows, 16, 1);
    const items = unitVectors(count, 16, 2);
    const found = await topSimilar(queries, items, k, quiet);
    const expected = naive(queries, items, k);
    expect(found.indices.length).toBe(rows * k);
    expected.forEach((row, q) => {
      row.forEach(({ index, similarity }, i) => {
        expect(Math.abs(found.similarities[q * k + i] - similarity)).toBeLessThan(1e-5);
        // Two that differ by less than rounding may change places.
        const others = row.filter((_other, place) => Math.abs(place - i) === 1);
        const distinct = others.every((other) => Math.abs(other.similarity - similarity) > 1e-5);
        if (distinct && i < k - 1) expect(found.indices[q * k + i]).toBe(index);
      });
      expect(new Set(found.indices.subarray(q * k, (q + 1) * k)).size).toBe(k);
    });
  });

  it('puts equal items in the order of their indices, also across blocks', async () => {
    const count = 20000;
    const one = unitVectors(1, 8, 3);
    const data = new Float32Array(count * 8);
    for (let row = 0; row < count; row++) data.set(one.data, row * 8);
    const found = await topSimilar(one, { data, rows: count, dims: 8 }, 30, quiet);
    expect([...found.indices]).toEqual(Array.from({ length: 30 }, (_, i) => i));
    const last = data.slice();
    for (const row of [19999, 12000, 5, 8192]) last[row * 8] += one.data[0];
    const best = await topSimilar(one, { data: last, rows: count, dims: 8 }, 6, quiet);
    expect([...best.indices]).toEqual([5, 8192, 12000, 19999, 0, 1]);
  });

  it('gives no more than there are, and the same every time', async () => {
    const items = unitVectors(5, 4, 4);
    const found = await topSimilar(items, items, 50, quiet);
    expect(found.indices.length).toBe(25);
    expect([0, 1, 2, 3, 4].map((row) => found.indices[row * 5])).toEqual([0, 1, 2, 3, 4]);
    expect(await topSimilar(items, items, 50, quiet)).toEqual(found);
  });

  it('reports its progress up to the end', async () => {
    const reports: Progress[] = [];
    const items = unitVectors(1000, 4, 5);
    await topSimilar(items, items, 3, { ...quiet, report: (progress) => reports.push(progress) });
    expect(reports.at(-1)).toMatchObject({ done: 1000, total: 1000, unit: 'items' });
    expect(reports.map(({ done }) => done)).toEqual([...reports.map(({ done }) => done)].sort((a, b) => a - b));
  });

  it('stops between two blocks when it is cancelled', async () => {
    const controller = new AbortController();
    const items = unitVectors(2000, 4, 6);
    let reports = 0;
    const report = (): void => {
      reports++;
      controller.abort();
    };
    await expect(topSimilar(items, items, 3, { signal: controller.signal, report })).rejects.toMatchObject({
      code: 'cancelled',
    });
    expect(reports).toBe(1);
  });

  it('refuses what does not fit', async () => {
    const items = unitVectors(4, 4, 7);
    await expect(topSimilar(unitVectors(1, 3, 1), items, 1, quiet)).rejects.toThrow(/3 dimensions, items 4/);
    await expect(topSimilar({ ...items, rows: 5 }, items, 1, quiet)).rejects.toThrow(/16 numbers are not 5 vectors/);
    await expect(topSimilar(items, items, 0, quiet)).rejects.toThrow(/k is 0/);
  });

  it('finds nothing for no queries', async () => {
    const found = await topSimilar({ data: new Float32Array(0), rows: 0, dims: 4 }, unitVectors(4, 4, 7), 2, quiet);
    expect(found.indices.length).toBe(0);
  });
});
