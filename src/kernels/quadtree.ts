/*
 * A quadtree over points on the plane, or an octree over points in space, made anew for each step: points in the order of their Morton
 * codes (Morton 1966), nodes in the order of a walk into depth. A node is 32 bytes: centre of its points (x, y: f32), how many they are
 * (f32), square of its cell's width (f32), the node after its subtree (i32), the first of its points in the order (i32), how many points
 * a leaf holds (i32; 0 for other nodes), and z of the centre (f32; in space only).
 */
export const NODE_BYTES: usize = 32;
/** Each axis of the plane is cut into 2^16 parts, of space into 2^10, so that a code is a word; points in the same part are not told apart. */
const LEVELS_IN_PLANE: i32 = 16;
const LEVELS_IN_SPACE: i32 = 10;
const LEAF_POINTS: i32 = 8;

/** Each point's place along a curve that visits the cells of all sizes one after another. `places` holds x, y, z and an unused f32. */
export function mortonCodes(
  from: i32,
  to: i32,
  places: usize,
  left: f32,
  low: f32,
  far: f32,
  width: f32,
  dims: i32,
  codes: usize,
): void {
  const scale: f32 = (dims == 2 ? 65535 : 1023) / width;
  for (let i = from; i < to; i++) {
    const place = places + ((<usize>i) << 4);
    const x = <u32>((load<f32>(place) - left) * scale);
    const y = <u32>((load<f32>(place, 4) - low) * scale);
    const z = <u32>((load<f32>(place, 8) - far) * scale);
    const code = dims == 2 ? spread(x) | (spread(y) << 1) : apart(x) | (apart(y) << 1) | (apart(z) << 2);
    store<u32>(codes + ((<usize>i) << 2), code);
  }
}

/** The lower 10 bits with two zeros between each. */
function apart(value: u32): u32 {
  let x = min<u32>(value, 0x3ff);
  x = (x | (x << 16)) & 0x030000ff;
  x = (x | (x << 8)) & 0x0300f00f;
  x = (x | (x << 4)) & 0x030c30c3;
  return (x | (x << 2)) & 0x09249249;
}

/** The lower 16 bits with a zero between each. */
function spread(value: u32): u32 {
  let x = min<u32>(value, 0xffff);
  x = (x | (x << 8)) & 0x00ff00ff;
  x = (x | (x << 4)) & 0x0f0f0f0f;
  x = (x | (x << 2)) & 0x33333333;
  return (x | (x << 1)) & 0x55555555;
}

/**
 * Sorts points by their codes (radix sort, four bytes, stable), and lays the tree over them. One thread does it all: run it with a
 * total of 1.
 * @param codes, order, their two scratches: `count` words each; `codes` and `order` end sorted
 * @param sorted x, y (and z) of the points in the order: `stride` f32 each, all x first; places after the last point repeat it
 * @param nodes room for twice as many nodes as points; the number of nodes goes to `nodeCount`
 */
export function plantTree(
  from: i32,
  to: i32,
  places: usize,
  count: i32,
  dims: i32,
  width: f32,
  codes: usize,
  order: usize,
  codeScratch: usize,
  orderScratch: usize,
  sorted: usize,
  stride: i32,
  nodes: usize,
  nodeCount: usize,
  histogram: usize,
): void {
  for (let i = 0; i < count; i++) store<i32>(order + ((<usize>i) << 2), i);
  sortByByte(0, count, codes, order, codeScratch, orderScratch, histogram);
  sortByByte(8, count, codeScratch, orderScratch, codes, order, histogram);
  sortByByte(16, count, codes, order, codeScratch, orderScratch, histogram);
  sortByByte(24, count, codeScratch, orderScratch, codes, order, histogram);
  const axis = (<usize>stride) << 2;
  for (let i = 0; i < stride; i++) {
    // The last group of four is filled up with its own last point.
    const place = places + ((<usize>load<i32>(order + ((<usize>min(i, count - 1)) << 2))) << 4);
    const at = sorted + ((<usize>i) << 2);
    store<f32>(at, load<f32>(place));
    store<f32>(at + axis, load<f32>(place, 4));
    if (dims == 3) store<f32>(at + 2 * axis, load<f32>(place, 8));
  }
  store<i32>(nodeCount, plant(0, count, 0, 0, dims, width, codes, sorted, axis, nodes));
}

function sortByByte(
  shift: u32,
  count: i32,
  keys: usize,
  ids: usize,
  outKeys: usize,
  outIds: usize,
  histogram: usize,
): void {
  memory.fill(histogram, 0, 1024);
  for (let i = 0; i < count; i++) {
    const at = histogram + ((<usize>((load<u32>(keys + ((<usize>i) << 2)) >> shift) & 255)) << 2);
    store<i32>(at, load<i32>(at) + 1);
  }
  let sum = 0;
  for (let at = histogram; at < histogram + 1024; at += 4) {
    const own = load<i32>(at);
    store<i32>(at, sum);
    sum += own;
  }
  for (let i = 0; i < count; i++) {
    const key = load<u32>(keys + ((<usize>i) << 2));
    const at = histogram + ((<usize>((key >> shift) & 255)) << 2);
    const to = (<usize>load<i32>(at)) << 2;
    store<i32>(at, load<i32>(at) + 1);
    store<u32>(outKeys + to, key);
    store<i32>(outIds + to, load<i32>(ids + ((<usize>i) << 2)));
  }
}

/** How many levels the cell is deep in which two codes lie together. */
function sharedLevels(first: u32, last: u32, dims: i32): i32 {
  const same = <i32>clz<u32>(first ^ last);
  return dims == 2 ? min(LEVELS_IN_PLANE, same >> 1) : min(LEVELS_IN_SPACE, (same - 2) / 3);
}

/**
 * The subtree of the points `start` to `end`, whose codes agree in `dims * level` bits, as node `index`; gives the node after it.
 * @param axis bytes from x of a point to its y, and from y to its z
 */
function plant(
  start: i32,
  end: i32,
  level: i32,
  index: i32,
  dims: i32,
  width: f32,
  codes: usize,
  sorted: usize,
  axis: usize,
  nodes: usize,
): i32 {
  const levels = dims == 2 ? LEVELS_IN_PLANE : LEVELS_IN_SPACE;
  // Cells with one inhabited part are skipped.
  const first = load<u32>(codes + ((<usize>start) << 2));
  const last = load<u32>(codes + ((<usize>(end - 1)) << 2));
  level = max(level, sharedLevels(first, last, dims));
  const node = nodes + <usize>index * NODE_BYTES;
  const cell: f32 = width / <f32>(1 << level);
  store<f32>(node, cell * cell, 12);
  store<i32>(node, start, 20);
  let x: f32 = 0;
  let y: f32 = 0;
  let z: f32 = 0;
  let next = index + 1;
  if (end - start <= LEAF_POINTS || level >= levels) {
    for (let i = start; i < end; i++) {
      const at = sorted + ((<usize>i) << 2);
      x += load<f32>(at);
      y += load<f32>(at + axis);
      if (dims == 3) z += load<f32>(at + 2 * axis);
    }
    store<i32>(node, end - start, 24);
  } else {
    const shift: u32 = dims * (levels - 1 - level);
    let from = start;
    while (from < end) {
      const part = load<u32>(codes + ((<usize>from) << 2)) >> shift;
      const to = endOf(part, shift, from, end, codes);
      const child = nodes + <usize>next * NODE_BYTES;
      next = plant(from, to, level + 1, next, dims, width, codes, sorted, axis, nodes);
      x += load<f32>(child) * load<f32>(child, 8);
      y += load<f32>(child, 4) * load<f32>(child, 8);
      if (dims == 3) z += load<f32>(child, 28) * load<f32>(child, 8);
      from = to;
    }
    store<i32>(node, 0, 24);
  }
  const mass = <f32>(end - start);
  store<f32>(node, x / mass);
  store<f32>(node, y / mass, 4);
  store<f32>(node, mass, 8);
  store<i32>(node, next, 16);
  if (dims == 3) store<f32>(node, z / mass, 28);
  return next;
}

/** Where the codes that begin with `part` end, by bisection. */
function endOf(part: u32, shift: u32, from: i32, end: i32, codes: usize): i32 {
  let low = from + 1;
  let high = end;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (load<u32>(codes + ((<usize>middle) << 2)) >> shift == part) low = middle + 1;
    else high = middle;
  }
  return low;
}
