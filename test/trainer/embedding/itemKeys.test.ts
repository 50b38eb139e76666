import { describe, expect, it } from 'vitest';
import { findItemsAgain, itemKeys, KEY_WORDS } from '../../../src/trainer/embedding/itemKeys';
import { takenRows, unitRows, type Rows } from '../neighbours/rows';

const names = (...numbers: number[]): string[] => numbers.map((number) => `${number}.png`);

async function found(
  before: Rows,
  now: Rows,
  pathsBefore?: readonly string[],
  pathsNow?: readonly string[],
): Promise<number[]> {
  return [...(await findItemsAgain(await itemKeys(before, pathsBefore), await itemKeys(now, pathsNow)))];
}

describe('itemKeys', () => {
  it('differ for rows that differ in a bit, a sign or their order', async () => {
    const { data } = unitRows(1, 8, 1);
    const rows = [data];
    for (let d = 0; d < 8; d++) {
      const bits = new Int32Array(data.slice().buffer);
      for (const bit of [0, 12, 23, 31])
        rows.push(new Float32Array(bits.map((word, i) => (i === d ? word ^ (1 << bit) : word)).buffer));
      // Two signs at once, which a sum of products would lose.
      if (d > 0) rows.push(data.map((value, i) => (i === d || i === 0 ? -value : value)));
    }
    rows.push(data.slice().reverse());
    const all = { data: Float32Array.from(rows.flatMap((row) => [...row])), rows: rows.length, dims: 8 };
    const keys = await itemKeys(all, undefined);
    const words = rows.map((_, i) => keys.subarray(i * KEY_WORDS, i * KEY_WORDS + 2).join());
    expect(new Set(words).size).toBe(rows.length);
    for (const half of [0, 1]) expect(new Set(rows.map((_, i) => keys[i * KEY_WORDS + half])).size).toBe(rows.length);
  });
});

describe('findItemsAgain', () => {
  const rows = unitRows(50, 6, 2);

  it('finds rows wherever they went, and tells which are new', async () => {
    const order = [7, 3, 40, 0, 49];
    const others = unitRows(2, 6, 3);
    const now = takenRows(rows, order);
    const data = Float32Array.from([...others.data.subarray(0, 6), ...now.data, ...others.data.subarray(6)]);
    expect(await found(rows, { data, rows: 7, dims: 6 })).toEqual([-1, ...order, -1]);
  });

  it('tells equal rows apart by their paths, and takes a renamed one for what it was', async () => {
    const same = takenRows(rows, [5, 5, 5]);
    const now = takenRows(rows, [5, 5]);
    expect(await found(same, now, names(0, 1, 2), names(2, 0))).toEqual([2, 0]);
    expect(await found(same, now, names(0, 1, 2), names(9, 1))).toEqual([0, 1]);
    expect(await found(same, takenRows(rows, [5, 5, 5, 5]))).toEqual([0, 1, 2, -1]);
  });

  it('takes an item whose row has changed for a new one', async () => {
    expect(await found(takenRows(rows, [1, 2]), takenRows(rows, [1, 3]), names(1, 2), names(1, 2))).toEqual([0, -1]);
  });

  it('agrees with a search by hand among many equal rows', async () => {
    const before = Array.from({ length: 400 }, (_, i) => (i * 7) % 13);
    const now = Array.from({ length: 300 }, (_, i) => (i * 5) % 17);
    const left = [...before];
    const expected = now.map((row) => {
      const at = left.indexOf(row);
      if (at >= 0) left[at] = -1;
      return at;
    });
    expect(await found(takenRows(rows, before), takenRows(rows, now))).toEqual(expected);
  });
});
