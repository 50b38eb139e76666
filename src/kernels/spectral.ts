/**
 * Four vectors at once through the smoothing of a graph, `after = scale * D^-1/2 W D^-1/2 middle + shift * middle - before`: a step of
 * Chebyshev's recurrence.
 *
 * @param starts, ends, weights edges of each item, as in UMAP
 * @param roots of each item 1 / sqrt(sum of its weights), 0 for one without edges (f32)
 * @param before, middle, after four f32 an item; `after` may be `before`
 */
export function smoothVectors(
  from: i32,
  to: i32,
  starts: usize,
  ends: usize,
  weights: usize,
  roots: usize,
  before: usize,
  middle: usize,
  after: usize,
  scale: f32,
  shift: f32,
): void {
  for (let i = from; i < to; i++) {
    let sum = f32x4.splat(0);
    const end = (<usize>load<i32>(starts + ((<usize>(i + 1)) << 2))) << 2;
    for (let edge = (<usize>load<i32>(starts + ((<usize>i) << 2))) << 2; edge < end; edge += 4) {
      const other = <usize>load<i32>(ends + edge);
      const weight = load<f32>(weights + edge) * load<f32>(roots + (other << 2));
      sum = f32x4.add(sum, f32x4.mul(v128.load(middle + (other << 4)), f32x4.splat(weight)));
    }
    const own = (<usize>i) << 4;
    const smooth = f32x4.mul(sum, f32x4.splat(scale * load<f32>(roots + ((<usize>i) << 2))));
    const kept = f32x4.mul(v128.load(middle + own), f32x4.splat(shift));
    v128.store(after + own, f32x4.sub(f32x4.add(smooth, kept), v128.load(before + own)));
  }
}
