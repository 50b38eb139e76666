import { below, hash2, xorshift } from './hash';
import { sumOfLanes } from './distance';
import { lookUp } from './table';

/** UMAP's step never moves a point further than this times the rate, along an axis. */
const FARTHEST: f32 = 4;

function clipped(force: v128): v128 {
  return f32x4.max(f32x4.min(force, f32x4.splat(FARTHEST)), f32x4.splat(-FARTHEST));
}

/**
 * One epoch of UMAP's stochastic gradient descent (McInnes, Healy and Melville 2018, appendix C). Each point follows its own
 * edges from where all others stood at the start of the epoch, and writes its own place only: so the points can be shared
 * among threads, and the picture does not depend on how. After each pull come that edge's pushes, as in UMAP: all pulls first would
 * leave the pushes of the whole epoch for the end, and the map too wide.
 *
 * @param before, after places of all points: x, y, z and an unused f32 each (z is 0 in the plane)
 * @param starts where the edges of each point begin: `count + 1` i32, each a multiple of 4
 * @param ends the other end of each edge (i32); every edge stands with both of its points
 * @param weights of the edges, f32 from 0 to 1: the share of epochs in which it is used; 0 for one that only fills up
 * @param phases of the edges, f32 from 0 to 1, the same for both directions: edges of equal weight are used in different epochs
 * @param pulls, pushes tables of the forces
 * @param rate length of a step, 1 at the start, falling to 0
 * @param negatives points to be repelled from, for each edge that is used
 */
export function layoutEpoch(
  from: i32,
  to: i32,
  before: usize,
  after: usize,
  starts: usize,
  ends: usize,
  weights: usize,
  phases: usize,
  count: i32,
  pulls: usize,
  pushes: usize,
  epoch: i32,
  rate: f32,
  negatives: i32,
  seed: u32,
): void {
  const steps = f32x4.splat(rate);
  const now = f32x4.splat(<f32>epoch);
  const seeded = hash2(seed, <u32>epoch);
  for (let i = from; i < to; i++) {
    let place = v128.load(before + ((<usize>i) << 4));
    let state = hash2(seeded, <u32>i) | 1;
    const end = (<usize>load<i32>(starts + ((<usize>(i + 1)) << 2))) << 2;
    for (let edge = (<usize>load<i32>(starts + ((<usize>i) << 2))) << 2; edge < end; edge += 16) {
      const weight = v128.load(weights + edge);
      const turns = f32x4.add(f32x4.mul(now, weight), v128.load(phases + edge));
      let mask = i32x4.bitmask(f32x4.ne(f32x4.floor(turns), f32x4.floor(f32x4.add(turns, weight))));
      while (mask) {
        const there = v128.load(before + ((<usize>load<i32>(ends + edge + ((<usize>ctz(mask)) << 2))) << 4));
        mask &= mask - 1;
        place = attracted(place, there, pulls, rate);
        // All from the same place: no distance has to wait for another.
        let push = f32x4.splat(0);
        for (let n = 0; n < negatives; n++) {
          state = xorshift(state);
          push = f32x4.add(push, pushFrom(place, v128.load(before + ((<usize>below(state, count)) << 4)), pushes));
        }
        place = f32x4.add(place, f32x4.mul(steps, push));
      }
    }
    v128.store(after + ((<usize>i) << 4), place);
  }
}

/**
 * What an edge does to one of its points when it is used as both its head and its tail: each time both points go the share `c` of the way
 * to each other, 2c (1 - c) in all. As both go at once, neither goes further than to the middle: they would only change places.
 */
function attracted(place: v128, there: v128, pulls: usize, rate: f32): v128 {
  const apart = f32x4.sub(place, there);
  const share = min<f32>(rate * lookUp(pulls, sumOfLanes(f32x4.mul(apart, apart))), 0.5);
  const way = f32x4.mul(apart, f32x4.splat(2 * share * (1 - share)));
  const most = f32x4.splat(2 * FARTHEST * rate);
  return f32x4.sub(place, f32x4.max(f32x4.min(way, most), f32x4.neg(most)));
}

/** Nothing for a point that is met by itself, or by one in the same place. */
function pushFrom(place: v128, there: v128, pushes: usize): v128 {
  const apart = f32x4.sub(place, there);
  return clipped(f32x4.mul(apart, f32x4.splat(lookUp(pushes, sumOfLanes(f32x4.mul(apart, apart))))));
}
