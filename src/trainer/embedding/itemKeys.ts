import { inSlices } from '../store/slices';
import type { Matrix } from '../store/matrix';

/** Words (32 bits) by which an item is recognised: two of its row, then two of its path. */
export const KEY_WORDS = 4;
const ROW_WORDS = 2;

/**
 * Keys by which the items of an embedding are recognised when others have come or gone: by the bytes of the row, so that an item whose vector
 * has changed is another, and by the path, which tells items with one vector apart. Row-major, `KEY_WORDS` an item.
 * @param paths one an item; without them the rows alone count
 */
export async function itemKeys(
  { data, rows, dims }: Matrix,
  paths: readonly string[] | undefined,
  signal?: AbortSignal,
): Promise<Int32Array> {
  const words = new Int32Array(data.buffer, data.byteOffset, data.length);
  const keys = new Int32Array(rows * KEY_WORDS);
  await inSlices(
    rows,
    (item) => {
      const row = new Hash(dims);
      for (let i = item * dims, end = i + dims; i < end; i++) row.add(words[i]);
      row.write(keys, item * KEY_WORDS);
      if (paths === undefined) return;
      const path = new Hash(paths[item].length);
      for (let i = 0; i < paths[item].length; i++) path.add(paths[item].charCodeAt(i));
      path.write(keys, item * KEY_WORDS + ROW_WORDS);
    },
    signal,
  );
  return keys;
}

/**
 * Finds items again: of each item of `now` its number among those `before`, or -1 for one that was not there. With the same row and path
 * first; what is left by the row alone, the first of equals to the first, so that a renamed file is found too. Each is found once.
 */
export async function findItemsAgain(before: Int32Array, now: Int32Array, signal?: AbortSignal): Promise<Int32Array> {
  const found = new Int32Array(now.length / KEY_WORDS).fill(-1);
  const taken = new Uint8Array(before.length / KEY_WORDS);
  for (const words of [KEY_WORDS, ROW_WORDS]) await findBy(words, before, now, found, taken, signal);
  return found;
}

async function findBy(
  words: number,
  before: Int32Array,
  now: Int32Array,
  found: Int32Array,
  taken: Uint8Array,
  signal?: AbortSignal,
): Promise<void> {
  // Of items with one key the first, and after each the next.
  const firsts = new Map<number, number>();
  const next = new Int32Array(taken.length).fill(-1);
  await inSlices(
    taken.length,
    (i) => {
      const item = taken.length - 1 - i;
      if (taken[item] === 1) return;
      const key = shortKey(before, item, words);
      next[item] = firsts.get(key) ?? -1;
      firsts.set(key, item);
    },
    signal,
  );
  await inSlices(
    found.length,
    (item) => {
      if (found[item] >= 0) return;
      const key = shortKey(now, item, words);
      const other = firsts.get(key) ?? -1;
      if (other < 0 || !isSame(before, other, now, item, words)) return;
      found[item] = other;
      taken[other] = 1;
      firsts.set(key, next[other]);
    },
    signal,
  );
}

/** 53 bits of a key: a whole number. */
function shortKey(keys: Int32Array, item: number, words: number): number {
  const at = item * KEY_WORDS;
  const [high, low] =
    words === ROW_WORDS ? [keys[at], keys[at + 1]] : [keys[at] ^ keys[at + 2], keys[at + 1] ^ keys[at + 3]];
  return (high >>> 0) * 0x200000 + (low >>> 11);
}

function isSame(a: Int32Array, i: number, b: Int32Array, j: number, words: number): boolean {
  for (let word = 0; word < words; word++) if (a[i * KEY_WORDS + word] !== b[j * KEY_WORDS + word]) return false;
  return true;
}

/** Two 32-bit sums over words, mixed as in MurmurHash3 (Appleby 2011). */
class Hash {
  private high = 0x2f6a91c5;
  private low = 0x51c3be07;
  private length = 0;

  constructor(seed: number) {
    this.high ^= seed;
    this.low ^= seed;
  }

  add(word: number): void {
    const k = Math.imul(word, 0xcc9e2d51);
    const l = Math.imul(word, 0x239b961b);
    const high = this.high ^ Math.imul((k << 15) | (k >>> 17), 0x1b873593);
    const low = this.low ^ Math.imul((l << 16) | (l >>> 16), 0x38b34ae5);
    this.high = (Math.imul((high << 13) | (high >>> 19), 5) + 0xe6546b64) | 0;
    this.low = (Math.imul((low << 17) | (low >>> 15), 5) + 0x561ccd1b) | 0;
    this.length++;
  }

  write(into: Int32Array, at: number): void {
    const high = this.high ^ this.length;
    const low = (this.low ^ this.length) + high;
    into[at] = finished(high + low);
    into[at + 1] = finished(low);
  }
}

/** Murmur's finaliser: every bit depends on all. */
function finished(word: number): number {
  let mixed = word | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
