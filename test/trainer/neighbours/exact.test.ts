import { describe, expect, it } from 'vitest';
import { nearestOf, nearestOfMany } from '../../../src/trainer/neighbours/exact';
import { Random } from '../../../src/trainer/random';
import { unitRows } from './rows';

/** Straight from the definition, in float64. */
function naive(matrix: ReturnType<typeof unitRows>, item: number, k: number): { items: number[]; distances: number[] } {
  const { data, rows, dims } = matrix;
  const all = Array.from({ length: rows }, (_, other) => {
    let similarity = 0;
    for (let d = 0; d < dims; d++) similarity += data[item * dims + d] * data[other * dims + d];
    return { other, distance: 1 - similarity };
  }).filter(({ other }) => other !== item);
  const nearest = all.sort((a, b) => a.distance - b.distance || a.other - b.other).slice(0, k);
  return { items: nearest.map((n) => n.other), distances: nearest.map((n) => n.distance) };
}

describe('nearestOf', () => {
  it.each([1, 2, 3, 7, 128])('agrees with the definition for rows of %i numbers', (dims) => {
    const matrix = unitRows(200, dims, dims);
    for (const item of [0, 17, 199]) {
      const found = nearestOf(matrix, item, 25);
      const expected = naive(matrix, item, 25);
      found.distances.forEach((distance, i) => expect(distance).toBeCloseTo(expected.distances[i], 5));
      if (dims > 2) expect([...found.items]).toEqual(expected.items);
    }
  });

  it('counts duplicates as neighbours at distance 0, in the order of their index, without the item itself', () => {
    const [row] = [unitRows(1, 37, 4).data];
    const other = unitRows(1, 37, 5).data;
    const data = new Float32Array([...row, ...other, ...row, ...row, ...other, ...row]);
    const found = nearestOf({ data, rows: 6, dims: 37 }, 2, 4);
    expect([...found.items.subarray(0, 3)]).toEqual([0, 3, 5]);
    expect([...found.distances.subarray(0, 3)]).toEqual([0, 0, 0]);
    expect(found.items[3]).toBe(1);
  });

  it('gives as many as there are', () => {
    expect(nearestOf(unitRows(4, 3, 1), 0, 100).items).toHaveLength(3);
    expect(nearestOf(unitRows(1, 3, 1), 0, 5)).toEqual({ items: new Int32Array(0), distances: new Float32Array(0) });
  });

  it('puts a row of zeros at distance 1 from all, and opposite rows at 2', () => {
    const data = Float32Array.of(0, 0, 1, 0, -1, 0);
    expect(nearestOf({ data, rows: 3, dims: 2 }, 0, 2)).toEqual({
      items: Int32Array.of(1, 2),
      distances: Float32Array.of(1, 1),
    });
    expect(nearestOf({ data, rows: 3, dims: 2 }, 1, 2)).toEqual({
      items: Int32Array.of(0, 2),
      distances: Float32Array.of(1, 2),
    });
  });

  it('refuses items and numbers of neighbours that cannot be', () => {
    const matrix = unitRows(5, 3, 1);
    for (const item of [-1, 5, 1.5, Number.NaN])
      expect(() => nearestOf(matrix, item, 3)).toThrow(expect.objectContaining({ code: 'invalid-argument' }));
    for (const k of [0, -1, 2.5, Number.NaN])
      expect(() => nearestOf(matrix, 0, k)).toThrow(expect.objectContaining({ code: 'invalid-argument' }));
  });

  it('keeps the best k of many equal similarities', () => {
    const random = new Random(3);
    const data = Float32Array.from({ length: 300 }, () => random.integer(2)); // dot products tie everywhere
    const matrix = { data, rows: 100, dims: 3 };
    for (let item = 0; item < 100; item++)
      expect([...nearestOf(matrix, item, 9).items]).toEqual(naive(matrix, item, 9).items);
  });
});

describe('nearestOfMany', () => {
  const matrix = unitRows(3000, 16, 2);

  it('finds the same in slices', async () => {
    const { signal } = new AbortController();
    for (const atOnce of [0, 1e6])
      expect(await nearestOfMany(matrix, 17, 9, signal, atOnce)).toEqual(nearestOf(matrix, 17, 9));
    await expect(nearestOfMany(matrix, 3000, 9, signal, 0)).rejects.toMatchObject({ code: 'invalid-argument' });
  });

  it('lets others have their turn, and can be cancelled', async () => {
    const many = { data: new Float32Array(3_000_000 * 8), rows: 3_000_000, dims: 8 };
    const controller = new AbortController();
    setImmediate(() => controller.abort());
    await expect(nearestOfMany(many, 0, 9, controller.signal, 0)).rejects.toMatchObject({ code: 'cancelled' });
  });
});
