import { squaredDistance } from './distance';
import { hash2 } from './hash';

/*
 * Nearest-neighbour descent (Dong, Moses and Li 2011): the neighbours of neighbours are likely neighbours. Every list is kept by the
 * thread that does its row; pairs found elsewhere come to it as updates, in an order that does not depend on the threads.
 *
 * A list is `width` ids (i32, a multiple of 4) and as many distances (f32), nearest first; -1 and Infinity where there is none yet.
 */

/** Set in an id that has not been a candidate yet. */
const NEW: i32 = 0x40000000;
const UPDATE_BYTES: usize = 12;

/** Squared distance of two rows of which `rests` tells how much of each its coordinates leave out. */
function distanceOf(rows: usize, bytes: usize, rests: usize, p: i32, q: i32): f32 {
  return (
    squaredDistance(rows + <usize>p * bytes, rows + <usize>q * bytes, bytes) +
    load<f32>(rests + ((<usize>p) << 2)) +
    load<f32>(rests + ((<usize>q) << 2))
  );
}

/** Puts an id into a list unless it is there or too far; 1 when it went in. */
function push(ids: usize, distances: usize, width: i32, id: i32, distance: f32): i32 {
  const last = (<usize>(width - 1)) << 2;
  if (!(distance < load<f32>(distances + last))) return 0;
  const wanted = i32x4.splat(id);
  const mask = i32x4.splat(~NEW);
  for (let at: usize = 0; at <= last; at += 16) {
    // -1 loses its bit too, and is no id.
    if (v128.any_true(i32x4.eq(v128.and(v128.load(ids + at), mask), wanted))) return 0;
  }
  let at = last;
  while (at > 0 && load<f32>(distances + at - 4) > distance) {
    store<f32>(distances + at, load<f32>(distances + at - 4));
    store<i32>(ids + at, load<i32>(ids + at - 4));
    at -= 4;
  }
  store<f32>(distances + at, distance);
  store<i32>(ids + at, id | NEW);
  return 1;
}

/** Compares all points of a leaf with each other. Leaves of one tree share no points, so each leaf keeps its own lists. */
export function joinLeaves(
  from: i32,
  to: i32,
  rows: usize,
  bytes: usize,
  rests: usize,
  points: usize,
  starts: usize,
  ids: usize,
  distances: usize,
  width: i32,
): void {
  const list = (<usize>width) << 2;
  for (let leaf = from; leaf < to; leaf++) {
    const end = load<i32>(starts + ((<usize>(leaf + 2)) << 2));
    for (let i = load<i32>(starts + ((<usize>(leaf + 1)) << 2)); i < end; i++) {
      const p = load<i32>(points + ((<usize>i) << 2));
      for (let j = i + 1; j < end; j++) {
        const q = load<i32>(points + ((<usize>j) << 2));
        const distance = distanceOf(rows, bytes, rests, p, q);
        push(ids + <usize>p * list, distances + <usize>p * list, width, q, distance);
        push(ids + <usize>q * list, distances + <usize>q * list, width, p, distance);
      }
    }
  }
}

/** Keeps the `room` ids of the least rank that are offered; the rank 0xffffffff is an empty place. */
function offer(ids: usize, ranks: usize, room: i32, id: i32, rank: u32): void {
  const last = (<usize>(room - 1)) << 2;
  if (rank >= load<u32>(ranks + last)) return;
  for (let at: usize = 0; at <= last; at += 4) if (load<i32>(ids + at) == id) return;
  let at = last;
  while (at > 0 && load<u32>(ranks + at - 4) > rank) {
    store<u32>(ranks + at, load<u32>(ranks + at - 4));
    store<i32>(ids + at, load<i32>(ids + at - 4));
    at -= 4;
  }
  store<u32>(ranks + at, rank);
  store<i32>(ids + at, id);
}

/**
 * Draws for each point up to `room` new and `room` old candidates from its neighbours and from those whose neighbour it is. Looks
 * through all lists for each range, so there should be as many ranges as threads.
 */
export function gatherCandidates(
  from: i32,
  to: i32,
  ids: usize,
  count: i32,
  width: i32,
  room: i32,
  seed: u32,
  fresh: usize,
  freshRanks: usize,
  old: usize,
  oldRanks: usize,
): void {
  const list = (<usize>room) << 2;
  const start = <usize>from * list;
  const length = <usize>(to - from) * list;
  memory.fill(fresh + start, 0xff, length);
  memory.fill(freshRanks + start, 0xff, length);
  memory.fill(old + start, 0xff, length);
  memory.fill(oldRanks + start, 0xff, length);
  for (let i = 0; i < count; i++) {
    const own = i >= from && i < to;
    const row = ids + ((<usize>i * width) << 2);
    for (let k = 0; k < width; k++) {
      const entry = load<i32>(row + ((<usize>k) << 2));
      if (entry < 0) break;
      const j = entry & ~NEW;
      const theirs = j >= from && j < to;
      if (!own && !theirs) continue;
      const rank = hash2(seed ^ i, j);
      const into = entry & NEW ? fresh : old;
      const ranks = entry & NEW ? freshRanks : oldRanks;
      if (own) offer(into + <usize>i * list, ranks + <usize>i * list, room, j, rank);
      if (theirs) offer(into + <usize>j * list, ranks + <usize>j * list, room, i, rank);
    }
  }
}

/** A neighbour that was drawn as a new candidate is new no longer. */
export function markTried(from: i32, to: i32, ids: usize, width: i32, room: i32, fresh: usize): void {
  for (let i = from; i < to; i++) {
    const row = ids + ((<usize>i * width) << 2);
    const drawn = fresh + ((<usize>i * room) << 2);
    for (let k = 0; k < width; k++) {
      const at = row + ((<usize>k) << 2);
      const entry = load<i32>(at);
      if (entry < 0) break;
      if (!(entry & NEW)) continue;
      const id = entry & ~NEW;
      for (let c = 0; c < room; c++) {
        if (load<i32>(drawn + ((<usize>c) << 2)) == id) {
          store<i32>(at, id);
          break;
        }
      }
    }
  }
}

/**
 * Compares the candidates of each point (from number `first` on) with each other, and writes the pairs that one of both wants: how
 * many (i32), then p, q and their distance for each. Buffer number `from / step` is used; what finds no room is left out.
 */
export function joinCandidates(
  from: i32,
  to: i32,
  first: i32,
  step: i32,
  rows: usize,
  bytes: usize,
  rests: usize,
  distances: usize,
  width: i32,
  room: i32,
  fresh: usize,
  old: usize,
  buffers: usize,
  bufferBytes: usize,
): void {
  const buffer = buffers + <usize>(from / step) * bufferBytes;
  const end = buffer + bufferBytes - UPDATE_BYTES;
  let out = buffer + 4;
  const worst = distances + ((<usize>(width - 1)) << 2);
  const list = (<usize>width) << 2;
  for (let u = first + from; u < first + to; u++) {
    const news = fresh + ((<usize>u * room) << 2);
    const olds = old + ((<usize>u * room) << 2);
    for (let a = 0; a < room; a++) {
      const p = load<i32>(news + ((<usize>a) << 2));
      if (p < 0) break;
      const limit = load<f32>(worst + <usize>p * list);
      for (let b = a + 1; b < 2 * room; b++) {
        const q = b < room ? load<i32>(news + ((<usize>b) << 2)) : load<i32>(olds + ((<usize>(b - room)) << 2));
        if (q < 0) {
          if (b >= room) break;
          b = room - 1;
          continue;
        }
        if (p == q) continue;
        const distance = distanceOf(rows, bytes, rests, p, q);
        if (!(distance < limit) && !(distance < load<f32>(worst + <usize>q * list))) continue;
        if (out > end) continue;
        store<i32>(out, p);
        store<i32>(out, q, 4);
        store<f32>(out, distance, 8);
        out += UPDATE_BYTES;
      }
    }
  }
  store<i32>(buffer, <i32>((out - buffer - 4) / UPDATE_BYTES));
}

/** Takes the updates of all buffers that concern the points of this range; adds how many lists changed to `changes[from / step]`. */
export function applyUpdates(
  from: i32,
  to: i32,
  step: i32,
  ids: usize,
  distances: usize,
  width: i32,
  buffers: usize,
  bufferBytes: usize,
  count: i32,
  changes: usize,
): void {
  const list = (<usize>width) << 2;
  let changed = 0;
  for (let b = 0; b < count; b++) {
    const buffer = buffers + <usize>b * bufferBytes;
    const end = buffer + 4 + <usize>load<i32>(buffer) * UPDATE_BYTES;
    for (let at = buffer + 4; at < end; at += UPDATE_BYTES) {
      const p = load<i32>(at);
      const q = load<i32>(at, 4);
      const distance = load<f32>(at, 8);
      if (p >= from && p < to) changed += push(ids + <usize>p * list, distances + <usize>p * list, width, q, distance);
      if (q >= from && q < to) changed += push(ids + <usize>q * list, distances + <usize>q * list, width, p, distance);
    }
  }
  const at = changes + ((<usize>(from / step)) << 2);
  store<i32>(at, load<i32>(at) + changed);
}
