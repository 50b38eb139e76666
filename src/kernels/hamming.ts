import { clear, insert } from './exact';

/** Queries that share the loads of a row. */
const TOGETHER = 4;

/** Bits in which two rows of `bytes` bytes, a multiple of 8, differ. */
function bitsApart(a: usize, b: usize, bytes: usize): i32 {
  let sum: u64 = 0;
  for (let at: usize = 0; at < bytes; at += 8) sum += popcnt<u64>(load<u64>(a + at) ^ load<u64>(b + at));
  return <i32>sum;
}

/**
 * The `k` nearest of all `count` rows to each of the rows `first + from` to `first + to` by the number of bits in which they differ, itself left
 * out; of equals those of the smaller numbers.
 * @param bytes of a row, a multiple of 8
 * @param ranks distances (f32)
 */
export function nearestByBits(
  from: i32,
  to: i32,
  first: i32,
  rows: usize,
  bytes: usize,
  count: i32,
  k: i32,
  ids: usize,
  ranks: usize,
): void {
  const list = (<usize>k) << 2;
  for (let i = from; i < to; i++) clear(ids + <usize>i * list, ranks + <usize>i * list, k);
  for (let start = from; start < to; start += TOGETHER) {
    const end = min(start + TOGETHER, to);
    if (bytes == 8) ofOneWord(start, end, first, rows, count, k, ids, ranks);
    else ofWords(start, end, first, rows, bytes, count, k, ids, ranks);
  }
}

/** Four queries of 64 bits at a time, which is what perceptual hashes have: nothing but their distances is done for most rows. */
function ofOneWord(start: i32, end: i32, first: i32, rows: usize, count: i32, k: i32, ids: usize, ranks: usize): void {
  const list = (<usize>k) << 2;
  const query = rows + ((<usize>(first + start)) << 3);
  const last = end - start - 1;
  const q0 = load<u64>(query);
  const q1 = load<u64>(query + ((<usize>min(1, last)) << 3));
  const q2 = load<u64>(query + ((<usize>min(2, last)) << 3));
  const q3 = load<u64>(query + ((<usize>min(3, last)) << 3));
  const outIds = ids + <usize>start * list;
  const outRanks = ranks + <usize>start * list;
  // The farthest of each list so far: only what is nearer is looked at again.
  let w0: u64 = 65;
  let w1: u64 = last >= 1 ? 65 : 0;
  let w2: u64 = last >= 2 ? 65 : 0;
  let w3: u64 = last >= 3 ? 65 : 0;
  for (let j = 0; j < count; j++) {
    const row = load<u64>(rows + ((<usize>j) << 3));
    const d0 = popcnt<u64>(row ^ q0);
    const d1 = popcnt<u64>(row ^ q1);
    const d2 = popcnt<u64>(row ^ q2);
    const d3 = popcnt<u64>(row ^ q3);
    if (d0 < w0) w0 = offered(outIds, outRanks, k, j, first + start, d0);
    if (d1 < w1) w1 = offered(outIds + list, outRanks + list, k, j, first + start + 1, d1);
    if (d2 < w2) w2 = offered(outIds + 2 * list, outRanks + 2 * list, k, j, first + start + 2, d2);
    if (d3 < w3) w3 = offered(outIds + 3 * list, outRanks + 3 * list, k, j, first + start + 3, d3);
  }
}

/** Gives the distance from which on a row is too far. */
function offered(ids: usize, ranks: usize, k: i32, id: i32, query: i32, distance: u64): u64 {
  if (id != query) insert(ids, ranks, k, id, <f32>distance);
  const farthest = load<f32>(ranks + ((<usize>(k - 1)) << 2));
  return farthest == Infinity ? 65 : <u64>farthest;
}

function ofWords(
  start: i32,
  end: i32,
  first: i32,
  rows: usize,
  bytes: usize,
  count: i32,
  k: i32,
  ids: usize,
  ranks: usize,
): void {
  for (let j = 0; j < count; j++) {
    const row = rows + <usize>j * bytes;
    for (let i = start; i < end; i++) {
      if (j == first + i) continue;
      const list = (<usize>i * k) << 2;
      insert(ids + list, ranks + list, k, j, <f32>bitsApart(row, rows + <usize>(first + i) * bytes, bytes));
    }
  }
}
