import { sumOfLanes } from './distance';
import { NODE_BYTES } from './quadtree';

class Plane {
  x: f32 = 0;
  y: f32 = 0;
}

class Space {
  x: f32 = 0;
  y: f32 = 0;
  z: f32 = 0;
}

/**
 * What pushes each point away (van der Maaten 2014, section 4.2): cells that look small from a point count as one point in their centre. Four
 * points that are next to each other in the order walk the tree together; a cell counts as one when it may for all four.
 *
 * @param from, to groups of four points
 * @param theta2 square of the largest ratio of a cell's width to its distance
 * @param forces of each point, in the order of the points, not of the tree: x and y (f32)
 * @param sums of 1 / (1 + d^2) over all other points: one f64 for each range of `step` groups, at place `from / step`
 */
export function repulsion(
  from: i32,
  to: i32,
  step: i32,
  nodes: usize,
  nodeCount: i32,
  sorted: usize,
  stride: i32,
  order: usize,
  count: i32,
  theta2: f32,
  forces: usize,
  sums: usize,
): void {
  repel<Plane>(from, to, step, nodes, nodeCount, sorted, stride, order, count, theta2, forces, sums);
}

/** The same in space: z, too, is in `sorted`, in the nodes and in `forces`. */
export function repulsionInSpace(
  from: i32,
  to: i32,
  step: i32,
  nodes: usize,
  nodeCount: i32,
  sorted: usize,
  stride: i32,
  order: usize,
  count: i32,
  theta2: f32,
  forces: usize,
  sums: usize,
): void {
  repel<Space>(from, to, step, nodes, nodeCount, sorted, stride, order, count, theta2, forces, sums);
}

/** Compiled once for each kind of place, so that the plane does without all that has to do with z. */
function repel<Place>(
  from: i32,
  to: i32,
  step: i32,
  nodes: usize,
  nodeCount: i32,
  sorted: usize,
  stride: i32,
  order: usize,
  count: i32,
  theta2: f32,
  forces: usize,
  sums: usize,
): void {
  const dims = <i32>(offsetof<Place>() >> 2);
  const ys = sorted + ((<usize>stride) << 2);
  const zs = ys + ((<usize>stride) << 2);
  const one = f32x4.splat(1);
  let total: f64 = 0;
  for (let group = from; group < to; group++) {
    const x = v128.load(sorted + ((<usize>group) << 4));
    const y = v128.load(ys + ((<usize>group) << 4));
    const z = dims == 3 ? v128.load(zs + ((<usize>group) << 4)) : f32x4.splat(0);
    let fx = f32x4.splat(0);
    let fy = f32x4.splat(0);
    let fz = f32x4.splat(0);
    let sum = f32x4.splat(0);
    for (let index = 0; index < nodeCount;) {
      const node = nodes + <usize>index * NODE_BYTES;
      const dx = f32x4.sub(x, v128.load32_splat(node));
      const dy = f32x4.sub(y, v128.load32_splat(node, 4));
      let dz = f32x4.splat(0);
      let square = f32x4.add(f32x4.mul(dx, dx), f32x4.mul(dy, dy));
      if (dims == 3) {
        dz = f32x4.sub(z, v128.load32_splat(node, 28));
        square = f32x4.add(square, f32x4.mul(dz, dz));
      }
      const near = f32x4.le(f32x4.mul(square, f32x4.splat(theta2)), v128.load32_splat(node, 12));
      if (!v128.any_true(near)) {
        const q = f32x4.div(one, f32x4.add(one, square));
        const mass = f32x4.mul(q, v128.load32_splat(node, 8));
        const force = f32x4.mul(mass, q);
        sum = f32x4.add(sum, mass);
        fx = f32x4.add(fx, f32x4.mul(force, dx));
        fy = f32x4.add(fy, f32x4.mul(force, dy));
        if (dims == 3) fz = f32x4.add(fz, f32x4.mul(force, dz));
        index = load<i32>(node, 16);
        continue;
      }
      const points = load<i32>(node, 24);
      index++;
      if (points == 0) continue;
      const first = load<i32>(node, 20);
      for (let p = first; p < first + points; p++) {
        const px = f32x4.sub(x, v128.load32_splat(sorted + ((<usize>p) << 2)));
        const py = f32x4.sub(y, v128.load32_splat(ys + ((<usize>p) << 2)));
        let pz = f32x4.splat(0);
        let near = f32x4.add(f32x4.mul(px, px), f32x4.mul(py, py));
        if (dims == 3) {
          pz = f32x4.sub(z, v128.load32_splat(zs + ((<usize>p) << 2)));
          near = f32x4.add(near, f32x4.mul(pz, pz));
        }
        const q = f32x4.div(one, f32x4.add(one, near));
        const force = f32x4.mul(q, q);
        sum = f32x4.add(sum, q);
        fx = f32x4.add(fx, f32x4.mul(force, px));
        fy = f32x4.add(fy, f32x4.mul(force, py));
        if (dims == 3) fz = f32x4.add(fz, f32x4.mul(force, pz));
      }
    }
    total += collect(dims, group, count, order, forces, fx, fy, fz, sum);
  }
  store<f64>(sums + ((<usize>(from / step)) << 3), total);
}

/** Writes the forces of a group to its points; gives its sum, less what each point added by meeting itself. */
function collect(
  dims: i32,
  group: i32,
  count: i32,
  order: usize,
  forces: usize,
  fx: v128,
  fy: v128,
  fz: v128,
  sum: v128,
): f64 {
  let total: f64 = 0;
  const width = min(4, count - 4 * group);
  let x = fx;
  let y = fy;
  let z = fz;
  let s = sum;
  for (let lane = 0; lane < width; lane++) {
    const point = forces + ((<usize>(dims * load<i32>(order + ((<usize>(4 * group + lane)) << 2)))) << 2);
    store<f32>(point, f32x4.extract_lane(x, 0));
    store<f32>(point, f32x4.extract_lane(y, 0), 4);
    if (dims == 3) store<f32>(point, f32x4.extract_lane(z, 0), 8);
    total += <f64>f32x4.extract_lane(s, 0) - 1;
    x = v128.shuffle<f32>(x, x, 1, 2, 3, 0);
    y = v128.shuffle<f32>(y, y, 1, 2, 3, 0);
    z = v128.shuffle<f32>(z, z, 1, 2, 3, 0);
    s = v128.shuffle<f32>(s, s, 1, 2, 3, 0);
  }
  return total;
}

/**
 * One step of t-SNE's gradient descent, with momentum and a gain for each coordinate that grows while its direction stays (Jacobs 1988,
 * as van der Maaten uses it).
 *
 * @param before, after places: x, y, z and an unused f32
 * @param starts, ends, weights edges of each point, as in UMAP; the weights of all sum to 1
 * @param pushing 1 / the sum of 1 / (1 + d^2) over all pairs
 * @param speeds, gains `dims` f32 a point, kept from step to step
 */
export function tsneStep(
  from: i32,
  to: i32,
  before: usize,
  after: usize,
  starts: usize,
  ends: usize,
  weights: usize,
  exaggeration: f32,
  dims: i32,
  forces: usize,
  pushing: f32,
  speeds: usize,
  gains: usize,
  rate: f32,
  momentum: f32,
): void {
  for (let i = from; i < to; i++) {
    const place = v128.load(before + ((<usize>i) << 4));
    let pull = f32x4.splat(0);
    const end = (<usize>load<i32>(starts + ((<usize>(i + 1)) << 2))) << 2;
    for (let edge = (<usize>load<i32>(starts + ((<usize>i) << 2))) << 2; edge < end; edge += 4) {
      const apart = f32x4.sub(place, v128.load(before + ((<usize>load<i32>(ends + edge)) << 4)));
      const weight = load<f32>(weights + edge) / (1 + sumOfLanes(f32x4.mul(apart, apart)));
      pull = f32x4.add(pull, f32x4.mul(apart, f32x4.splat(weight)));
    }
    const own = (<usize>(dims * i)) << 2;
    const x = moved(
      4 * (exaggeration * f32x4.extract_lane(pull, 0) - pushing * load<f32>(forces + own)),
      speeds + own,
      gains + own,
      rate,
      momentum,
    );
    const y = moved(
      4 * (exaggeration * f32x4.extract_lane(pull, 1) - pushing * load<f32>(forces + own, 4)),
      speeds + own + 4,
      gains + own + 4,
      rate,
      momentum,
    );
    let z: f32 = 0;
    if (dims == 3)
      z = moved(
        4 * (exaggeration * f32x4.extract_lane(pull, 2) - pushing * load<f32>(forces + own, 8)),
        speeds + own + 8,
        gains + own + 8,
        rate,
        momentum,
      );
    const way = f32x4.replace_lane(f32x4.replace_lane(f32x4.replace_lane(f32x4.splat(0), 0, x), 1, y), 2, z);
    v128.store(after + ((<usize>i) << 4), f32x4.add(place, way));
  }
}

/** How far a coordinate goes against its slope. */
function moved(slope: f32, speedAt: usize, gainAt: usize, rate: f32, momentum: f32): f32 {
  const speed = load<f32>(speedAt);
  const gain = load<f32>(gainAt);
  const grown: f32 = slope * speed < 0 ? gain + 0.2 : max<f32>(gain * 0.8, 0.01);
  const next: f32 = momentum * speed - rate * grown * slope;
  store<f32>(gainAt, grown);
  store<f32>(speedAt, next);
  return next;
}
