import { mix } from './textHash';
import { shinglesOf } from './shingles';

const BITS = 64;

/**
 * The SimHash of a text (Charikar 2002; Manku 2007): 64 bits, each the sign of the sum of that bit over the hashes of all shingles. Texts with
 * most shingles in common differ in few bits.
 */
export function simHash(text: string): bigint {
  const sums = new Int32Array(BITS);
  for (const shingle of shinglesOf(text)) {
    const [low, high] = [mix(shingle ^ 0x2545f491), mix(shingle ^ 0x6c8e9cf5)];
    for (let bit = 0; bit < 32; bit++) {
      sums[bit] += (low >>> bit) & 1 ? 1 : -1;
      sums[32 + bit] += (high >>> bit) & 1 ? 1 : -1;
    }
  }
  let hash = 0n;
  for (let bit = 0; bit < BITS; bit++) if (sums[bit] > 0) hash |= 1n << BigInt(bit);
  return hash;
}
