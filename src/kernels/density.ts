import { sumOfLanes } from './distance';
import { lookUp } from './table';

/** As for UMAP's own steps: no edge moves a point further than this times the rate, along an axis. */
const FARTHEST: f32 = 4;

/**
 * The local radius of each point of a map, squared, as densMAP has it (Narayan, Berger and Cho 2021): the mean squared length of its
 * edges, weighed by how strongly they hold on the map.
 * @param places x, y, z and an unused f32 each
 * @param starts, ends, weights edges, as `layoutEpoch` takes them
 * @param holds table of the curve 1 / (1 + a d^2b)
 * @param sums is given the sum of what holds each point, f32; 0 for a point without edges of any length
 * @param squares is given the weighted sum of the squared lengths, f32
 */
export function localRadii(
  from: i32,
  to: i32,
  places: usize,
  starts: usize,
  ends: usize,
  weights: usize,
  holds: usize,
  sums: usize,
  squares: usize,
): void {
  for (let i = from; i < to; i++) {
    const place = v128.load(places + ((<usize>i) << 4));
    const end = load<i32>(starts + ((<usize>(i + 1)) << 2));
    let held: f32 = 0;
    let radius: f32 = 0;
    for (let edge = load<i32>(starts + ((<usize>i) << 2)); edge < end; edge++) {
      if (load<f32>(weights + ((<usize>edge) << 2)) == 0) continue;
      const square = squareTo(place, places, ends, edge);
      const hold = lookUp(holds, square);
      held += hold;
      radius += hold * square;
    }
    store<f32>(sums + ((<usize>i) << 2), held);
    store<f32>(squares + ((<usize>i) << 2), radius);
  }
}

/**
 * Moves every point up the slope of the correlation between the logarithms of the local radii on the map and those of the data.
 * @param before, after places of all points, as `localRadii` takes them
 * @param pulls table of UMAP's pull, which is -2 d(hold)/d(square) / hold
 * @param slopes of the correlation by the log radius of each point, over the sum of what holds it (f32)
 * @param inverses 1 / radius of each point (f32)
 * @param bend b of the curve
 * @param rate what the slope is multiplied by
 */
export function densityStep(
  from: i32,
  to: i32,
  before: usize,
  after: usize,
  starts: usize,
  ends: usize,
  weights: usize,
  holds: usize,
  pulls: usize,
  slopes: usize,
  inverses: usize,
  bend: f32,
  strength: f32,
  rate: f32,
): void {
  const most = f32x4.splat(FARTHEST * rate);
  for (let i = from; i < to; i++) {
    const place = v128.load(before + ((<usize>i) << 4));
    const slope = load<f32>(slopes + ((<usize>i) << 2));
    const inverse = load<f32>(inverses + ((<usize>i) << 2));
    const end = load<i32>(starts + ((<usize>(i + 1)) << 2));
    let moved = place;
    for (let edge = load<i32>(starts + ((<usize>i) << 2)); edge < end; edge++) {
      if (load<f32>(weights + ((<usize>edge) << 2)) == 0) continue;
      const other = (<usize>load<i32>(ends + ((<usize>edge) << 2))) << 2;
      const square = squareTo(place, before, ends, edge);
      // -d(log hold)/d(square), and what is left of 1 - square * falls = 1 - b (1 - hold).
      const falls: f32 = lookUp(pulls, square) * 0.5;
      const hold = lookUp(holds, square);
      const straight: f32 = 1 - bend * (1 - hold);
      const mine = slope * (straight * inverse + falls);
      const theirs = load<f32>(slopes + other) * (straight * load<f32>(inverses + other) + falls);
      const apart = f32x4.sub(place, v128.load(before + (other << 2)));
      // The square grows by twice the way.
      const way = f32x4.mul(apart, f32x4.splat(rate * strength * hold * (mine + theirs) * 2));
      moved = f32x4.add(moved, f32x4.max(f32x4.min(way, most), f32x4.neg(most)));
    }
    v128.store(after + ((<usize>i) << 4), moved);
  }
}

function squareTo(place: v128, places: usize, ends: usize, edge: i32): f32 {
  const other = <usize>load<i32>(ends + ((<usize>edge) << 2));
  const apart = f32x4.sub(place, v128.load(places + (other << 4)));
  return sumOfLanes(f32x4.mul(apart, apart));
}
