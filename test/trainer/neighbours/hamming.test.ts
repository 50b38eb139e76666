import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Kernels } from '../../../src/trainer/kernels/kernels';
import { type BitNeighbours, type BitRows, hammingNeighbours } from '../../../src/trainer/neighbours/hamming';
import { hashNeighbours } from '../../../src/trainer/neighbours/hashNeighbours';
import type { Progress } from '../../../src/trainer/protocol';
import { Random } from '../../../src/trainer/random';
import { quiet } from '../embedding/emoji';

let kernels: Kernels;
beforeAll(async () => {
  kernels = await Kernels.start(2);
});
afterAll(() => kernels.close());

/** Rows of bits around a few, so that there are many ties and some that are equal. */
function bitRows(rows: number, bytes: number): BitRows {
  const random = new Random(rows * 31 + bytes);
  const middles = Array.from({ length: 5 }, () => Uint8Array.from({ length: bytes }, () => random.integer(256)));
  const data = new Uint8Array(rows * bytes);
  for (let row = 0; row < rows; row++) {
    const some = middles[random.integer(5)].slice();
    for (let flips = random.integer(6); flips > 0; flips--) some[random.integer(bytes)] ^= 1 << random.integer(8);
    data.set(some, row * bytes);
  }
  return { data, rows, bytes };
}

/** From the definition: counts the bits, and sorts by distance, then number. */
function rowByHand({ data, rows, bytes }: BitRows, row: number, k: number): { other: number; bits: number }[] {
  const apart = (other: number): number => {
    let bits = 0;
    for (let at = 0; at < bytes; at++)
      for (let x = data[row * bytes + at] ^ data[other * bytes + at]; x > 0; x >>= 1) bits += x & 1;
    return bits;
  };
  return Array.from({ length: rows }, (_, other) => ({ other, bits: apart(other) }))
    .filter(({ other }) => other !== row)
    .sort((a, b) => a.bits - b.bits || a.other - b.other)
    .slice(0, k);
}

function byHand(bits: BitRows, k: number): BitNeighbours {
  const found = Array.from({ length: bits.rows }, (_, row) => rowByHand(bits, row, k)).flat();
  return {
    k,
    indices: Int32Array.from(found, ({ other }) => other),
    distances: Float32Array.from(found, (each) => each.bits),
  };
}

describe('hammingNeighbours', () => {
  it.each([
    [301, 8, 7],
    [150, 3, 5],
    [90, 20, 9],
    [67, 64, 66],
    [5, 8, 1],
  ])('are the nearest of %i rows of %i bytes', async (rows, bytes, k) => {
    const bits = bitRows(rows, bytes);
    const found = hammingNeighbours(kernels, bits, k);
    expect(found).toEqual(byHand(bits, k));
    for (const threads of [1, 3]) {
      const others = await Kernels.start(threads);
      expect(hammingNeighbours(others, bits, k)).toEqual(found);
      await others.close();
    }
  });

  it('compares rows that are searched for in several parts', () => {
    const bits = bitRows(5000, 8);
    const reports: number[] = [];
    const { indices, distances } = hammingNeighbours(kernels, bits, 3, (done) => reports.push(done));
    expect(reports).toEqual([4096, 5000]);
    for (const row of [0, 63, 4095, 4096, 4999]) {
      const expected = rowByHand(bits, row, 3);
      expect([...indices.subarray(row * 3, row * 3 + 3)]).toEqual(expected.map(({ other }) => other));
      expect([...distances.subarray(row * 3, row * 3 + 3)]).toEqual(expected.map((each) => each.bits));
    }
  });

  it('counts all 64 bits', () => {
    const data = new Uint8Array(24);
    data.fill(255, 8, 16);
    data[23] = 128;
    expect(hammingNeighbours(kernels, { data, rows: 3, bytes: 8 }, 2).distances).toEqual(
      Float32Array.of(1, 64, 63, 64, 1, 63),
    );
  });

  it('has as many as there are, and refuses what it cannot do', () => {
    expect(hammingNeighbours(kernels, bitRows(3, 8), 9).k).toBe(2);
    for (const rows of [0, 1]) expect(hammingNeighbours(kernels, bitRows(rows, 8), 4).k).toBe(0);
    expect(() => hammingNeighbours(kernels, { data: new Uint8Array(9), rows: 2, bytes: 8 }, 1)).toThrow(/9 bytes/);
    expect(() => hammingNeighbours(kernels, bitRows(3, 8), 0)).toThrow(/0 neighbours/);
  });
});

describe('hashNeighbours', () => {
  const hashes = BigUint64Array.of(1n, 0n, 2n ** 63n, 7n);

  it('compares perceptual hashes in a thread', async () => {
    const context = quiet<Progress>();
    const { k, indices, distances } = await hashNeighbours(hashes, 1, context);
    expect(k).toBe(1);
    expect([...indices]).toEqual([1, 0, 1, 0]);
    expect([...distances]).toEqual([1, 1, 1, 2]);
    expect(context.reports.at(-1)).toMatchObject({ done: 4, total: 4, unit: 'items' });
  });

  it('can be cancelled', async () => {
    const cancelled = hashNeighbours(hashes, 1, { ...quiet(), signal: AbortSignal.abort() });
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
  });
});
