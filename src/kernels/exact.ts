import { dotProduct, squaredDistance, sumOfLanes } from './distance';

/** As src/trainer/neighbours/metric.ts numbers them; the other is the cosine. */
const EUCLIDEAN: i32 = 0;

/** Smaller is nearer: squared length of the difference, or 1 - cosine of rows of length 1. */
function rankOf(metric: i32, a: usize, b: usize, bytes: usize): f32 {
  return metric == EUCLIDEAN ? squaredDistance(a, b, bytes) : 1 - dotProduct(a, b, bytes);
}

/** Sorted insertion; of equals the one with the smaller id comes first. */
export function insert(ids: usize, ranks: usize, k: i32, id: i32, rank: f32): void {
  let at = (<usize>(k - 1)) << 2;
  if (!goesBefore(rank, id, load<f32>(ranks + at), load<i32>(ids + at))) return;
  while (at > 0 && goesBefore(rank, id, load<f32>(ranks + at - 4), load<i32>(ids + at - 4))) {
    store<f32>(ranks + at, load<f32>(ranks + at - 4));
    store<i32>(ids + at, load<i32>(ids + at - 4));
    at -= 4;
  }
  store<f32>(ranks + at, rank);
  store<i32>(ids + at, id);
}

function goesBefore(rank: f32, id: i32, otherRank: f32, otherId: i32): bool {
  return rank < otherRank || (rank == otherRank && <u32>id < <u32>otherId);
}

export function clear(ids: usize, ranks: usize, k: i32): void {
  for (let i = 0; i < k; i++) {
    store<i32>(ids + ((<usize>i) << 2), -1);
    store<f32>(ranks + ((<usize>i) << 2), Infinity);
  }
}

/** Distances for a person: Euclidean ones are no longer squared, rounding does not make any negative. */
function finish(metric: i32, ranks: usize, k: i32): void {
  for (let i = 0; i < k; i++) {
    const at = ranks + ((<usize>i) << 2);
    const rank = max<f32>(0, load<f32>(at));
    store<f32>(at, metric == EUCLIDEAN ? sqrt<f32>(rank) : rank);
  }
}

/** The `k` nearest of the `width` that a list holds, by their true distances. Ids may carry a mark in bit 30. */
export function rerank(
  from: i32,
  to: i32,
  rows: usize,
  bytes: usize,
  metric: i32,
  lists: usize,
  width: i32,
  k: i32,
  ids: usize,
  ranks: usize,
): void {
  for (let i = from; i < to; i++) {
    const outIds = ids + ((<usize>i * k) << 2);
    const outRanks = ranks + ((<usize>i * k) << 2);
    insertList(i, rows, bytes, metric, lists, width, k, outIds, outRanks);
    finish(metric, outRanks, k);
  }
}

function insertList(
  i: i32,
  rows: usize,
  bytes: usize,
  metric: i32,
  lists: usize,
  width: i32,
  k: i32,
  ids: usize,
  ranks: usize,
): void {
  const list = lists + ((<usize>i * width) << 2);
  const row = rows + <usize>i * bytes;
  clear(ids, ranks, k);
  for (let c = 0; c < width; c++) {
    const entry = load<i32>(list + ((<usize>c) << 2));
    if (entry < 0) break;
    const id = entry & 0x3fffffff;
    insert(ids, ranks, k, id, rankOf(metric, row, rows + <usize>id * bytes, bytes));
  }
}

/**
 * The same of what a list holds and of `count` further rows (`offered`: their numbers, none of them in the list). Rows marked with 1 in
 * `complete` (a byte each) take none of those.
 */
export function rerankWithOffers(
  from: i32,
  to: i32,
  rows: usize,
  bytes: usize,
  metric: i32,
  lists: usize,
  width: i32,
  k: i32,
  ids: usize,
  ranks: usize,
  offered: usize,
  count: i32,
  complete: usize,
): void {
  for (let i = from; i < to; i++) {
    const outIds = ids + ((<usize>i * k) << 2);
    const outRanks = ranks + ((<usize>i * k) << 2);
    const row = rows + <usize>i * bytes;
    insertList(i, rows, bytes, metric, lists, width, k, outIds, outRanks);
    if (load<u8>(complete + <usize>i) == 0) {
      for (let o = 0; o < count; o++) {
        const id = load<i32>(offered + ((<usize>o) << 2));
        insert(outIds, outRanks, k, id, rankOf(metric, row, rows + <usize>id * bytes, bytes));
      }
    }
    finish(metric, outRanks, k);
  }
}

/** The `k` nearest of all `count` rows to each of the queries (numbers of rows), the query itself left out. Four queries share each row. */
export function nearestExactly(
  from: i32,
  to: i32,
  queries: usize,
  rows: usize,
  bytes: usize,
  count: i32,
  metric: i32,
  k: i32,
  ids: usize,
  ranks: usize,
): void {
  for (let i = from; i < to; i++) clear(ids + ((<usize>i * k) << 2), ranks + ((<usize>i * k) << 2), k);
  for (let i = from; i < to; i += 4) {
    const width = min(4, to - i);
    const q0 = load<i32>(queries + ((<usize>i) << 2));
    const q1 = width > 1 ? load<i32>(queries + ((<usize>(i + 1)) << 2)) : q0;
    const q2 = width > 2 ? load<i32>(queries + ((<usize>(i + 2)) << 2)) : q0;
    const q3 = width > 3 ? load<i32>(queries + ((<usize>(i + 3)) << 2)) : q0;
    const a0 = rows + <usize>q0 * bytes;
    const a1 = rows + <usize>q1 * bytes;
    const a2 = rows + <usize>q2 * bytes;
    const a3 = rows + <usize>q3 * bytes;
    const list = (<usize>k) << 2;
    const outIds = ids + <usize>i * list;
    const outRanks = ranks + <usize>i * list;
    for (let j = 0; j < count; j++) {
      const row = rows + <usize>j * bytes;
      let s0 = f32x4.splat(0);
      let s1 = f32x4.splat(0);
      let s2 = f32x4.splat(0);
      let s3 = f32x4.splat(0);
      if (metric == EUCLIDEAN) {
        for (let at: usize = 0; at < bytes; at += 16) {
          const x = v128.load(row + at);
          const d0 = f32x4.sub(x, v128.load(a0 + at));
          const d1 = f32x4.sub(x, v128.load(a1 + at));
          const d2 = f32x4.sub(x, v128.load(a2 + at));
          const d3 = f32x4.sub(x, v128.load(a3 + at));
          s0 = f32x4.add(s0, f32x4.mul(d0, d0));
          s1 = f32x4.add(s1, f32x4.mul(d1, d1));
          s2 = f32x4.add(s2, f32x4.mul(d2, d2));
          s3 = f32x4.add(s3, f32x4.mul(d3, d3));
        }
      } else {
        for (let at: usize = 0; at < bytes; at += 16) {
          const x = v128.load(row + at);
          s0 = f32x4.add(s0, f32x4.mul(x, v128.load(a0 + at)));
          s1 = f32x4.add(s1, f32x4.mul(x, v128.load(a1 + at)));
          s2 = f32x4.add(s2, f32x4.mul(x, v128.load(a2 + at)));
          s3 = f32x4.add(s3, f32x4.mul(x, v128.load(a3 + at)));
        }
      }
      if (j != q0) insert(outIds, outRanks, k, j, ranked(metric, sumOfLanes(s0)));
      if (width > 1 && j != q1) insert(outIds + list, outRanks + list, k, j, ranked(metric, sumOfLanes(s1)));
      if (width > 2 && j != q2) insert(outIds + 2 * list, outRanks + 2 * list, k, j, ranked(metric, sumOfLanes(s2)));
      if (width > 3 && j != q3) insert(outIds + 3 * list, outRanks + 3 * list, k, j, ranked(metric, sumOfLanes(s3)));
    }
  }
  for (let i = from; i < to; i++) finish(metric, ranks + ((<usize>i * k) << 2), k);
}

function ranked(metric: i32, value: f32): f32 {
  return metric == EUCLIDEAN ? value : 1 - value;
}
