import { dotProduct, squaredDistance, sumOfLanes } from './distance';
import { below, hash2, xorshift } from './hash';

/** A split that leaves less than this share on one side is made in the middle of the order instead. */
const LEAST_SHARE: f32 = 0.1;

/**
 * Random projection trees (Dasgupta and Freund 2008): each node is split by the hyperplane half-way between two of its points.
 *
 * @param order tree after tree: `count` i32 each, the points in the order of the leaves
 * @param leaves tree after tree: `leafRoom` i32 each, first the number of leaves, then where each starts and where the last ends
 * @param stacks `stackBytes` of scratch a tree
 */
export function growTrees(
  from: i32,
  to: i32,
  rows: usize,
  bytes: usize,
  count: i32,
  leafSize: i32,
  seed: u32,
  order: usize,
  leaves: usize,
  leafRoom: i32,
  stacks: usize,
  stackBytes: i32,
): void {
  for (let tree = from; tree < to; tree++) {
    const points = order + ((<usize>tree * count) << 2);
    const starts = leaves + ((<usize>tree * leafRoom) << 2);
    for (let i = 0; i < count; i++) store<i32>(points + ((<usize>i) << 2), i);
    growTree(rows, bytes, count, leafSize, hash2(seed, tree) | 1, points, starts, stacks + <usize>tree * stackBytes);
  }
}

function growTree(
  rows: usize,
  bytes: usize,
  count: i32,
  leafSize: i32,
  state: u32,
  points: usize,
  starts: usize,
  stack: usize,
): void {
  let leafCount = 0;
  let top = stack;
  store<i32>(top, 0);
  store<i32>(top, count, 4);
  top += 8;
  while (top > stack) {
    top -= 8;
    const start = load<i32>(top);
    const end = load<i32>(top, 4);
    if (end - start <= leafSize) {
      store<i32>(starts + ((<usize>++leafCount) << 2), start);
      continue;
    }
    state = xorshift(state);
    const a = start + <i32>below(state, end - start);
    state = xorshift(state);
    const b = start + <i32>below(state, end - start);
    const middle = split(
      rows,
      bytes,
      points,
      start,
      end,
      load<i32>(points + ((<usize>a) << 2)),
      load<i32>(points + ((<usize>b) << 2)),
    );
    // The left side is done first, so that leaves come in the order of their points.
    store<i32>(top, middle);
    store<i32>(top, end, 4);
    store<i32>(top, start, 8);
    store<i32>(top, middle, 12);
    top += 16;
  }
  store<i32>(starts, leafCount);
  store<i32>(starts + ((<usize>(leafCount + 1)) << 2), count);
}

/** Points nearer to a than to b come first; gives where the others begin. */
function split(rows: usize, bytes: usize, points: usize, start: i32, end: i32, a: i32, b: i32): i32 {
  const pa = rows + <usize>a * bytes;
  const pb = rows + <usize>b * bytes;
  // |x - a|^2 < |x - b|^2 when x.(b - a) < (|b|^2 - |a|^2) / 2.
  const offset: f32 = (dotProduct(pb, pb, bytes) - dotProduct(pa, pa, bytes)) / 2;
  let left = start;
  let right = end - 1;
  if (squaredDistance(pa, pb, bytes) > 0) {
    while (left <= right) {
      const at = points + ((<usize>left) << 2);
      const point = load<i32>(at);
      if (alongDifference(rows + <usize>point * bytes, pa, pb, bytes) < offset) left++;
      else {
        const other = points + ((<usize>right) << 2);
        store<i32>(at, load<i32>(other));
        store<i32>(other, point);
        right--;
      }
    }
  }
  const least = <i32>(LEAST_SHARE * <f32>(end - start));
  return left - start < max(least, 1) || end - left < max(least, 1) ? (start + end) >> 1 : left;
}

/** x.(b - a) */
function alongDifference(x: usize, a: usize, b: usize, bytes: usize): f32 {
  let sum = f32x4.splat(0);
  for (let at: usize = 0; at < bytes; at += 16) {
    sum = f32x4.add(sum, f32x4.mul(v128.load(x + at), f32x4.sub(v128.load(b + at), v128.load(a + at))));
  }
  return sumOfLanes(sum);
}
