import { describe, expect, it } from 'vitest';
import { BandedHashes, visitByBands, visitByComparing, visitHammingPairs } from '../../../src/trainer/curation/hamming';
import { Random } from '../../../src/trainer/random';
import { quietPace } from './support/context';

/** From the definition, digit by digit. */
function naiveDistance(a: bigint, b: bigint): number {
  return (a ^ b).toString(2).replaceAll('0', '').length;
}

function naivePairs(hashes: BigUint64Array, most: number): string[] {
  const pairs: string[] = [];
  for (let b = 0; b < hashes.length; b++) {
    for (let a = 0; a < b; a++) {
      const distance = naiveDistance(hashes[a], hashes[b]);
      if (distance <= most) pairs.push(`${a} ${b} ${distance}`);
    }
  }
  return pairs.sort();
}

/** Random hashes with crowds around some of them, so that every distance occurs. */
function crowdedHashes(count: number, seed: number): BigUint64Array {
  const random = new Random(seed);
  const word = (): bigint => BigInt(random.integer(2 ** 32)) | (BigInt(random.integer(2 ** 32)) << 32n);
  const hashes = new BigUint64Array(count);
  for (let row = 0; row < count; row++) {
    hashes[row] = row > 0 && random.next() < 0.7 ? hashes[random.integer(row)] : word();
    for (let flips = random.integer(12); flips > 0; flips--) hashes[row] ^= 1n << BigInt(random.integer(64));
  }
  return hashes;
}

describe('search by Hamming distance', () => {
  const hashes = crowdedHashes(300, 1);

  it.each(Array.from({ length: 21 }, (_, distance) => distance))(
    'finds all pairs within %i bits, once',
    async (most) => {
      const expected = naivePairs(hashes, most);
      for (const search of [visitByBands, visitByComparing]) {
        const found: string[] = [];
        await search(new BandedHashes(hashes), most, quietPace(), (a, b, distance) =>
          found.push(`${a} ${b} ${distance}`),
        );
        expect(found.sort()).toEqual(expected);
      }
    },
  );

  it('finds the same whichever way it chooses', async () => {
    const many = crowdedHashes(1500, 2);
    for (const most of [0, 4, 20]) {
      const found: string[] = [];
      await visitHammingPairs(many, most, quietPace(), (a, b, distance) => found.push(`${a} ${b} ${distance}`));
      expect(found.sort()).toEqual(naivePairs(many, most));
    }
  });

  it('leaves hashes out at a distance of -1', async () => {
    await visitHammingPairs(new BigUint64Array(10), -1, quietPace(), () => expect.unreachable());
  });
});
