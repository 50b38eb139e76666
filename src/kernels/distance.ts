/** Sum of the four lanes. */
export function sumOfLanes(x: v128): f32 {
  return f32x4.extract_lane(x, 0) + f32x4.extract_lane(x, 1) + (f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3));
}

/** Squared Euclidean distance of two rows of `bytes` bytes, a multiple of 16. */
export function squaredDistance(a: usize, b: usize, bytes: usize): f32 {
  let s0 = f32x4.splat(0);
  let s1 = f32x4.splat(0);
  const end = a + bytes;
  const whole = a + (bytes & ~31);
  while (a < whole) {
    const d0 = f32x4.sub(v128.load(a), v128.load(b));
    const d1 = f32x4.sub(v128.load(a, 16), v128.load(b, 16));
    s0 = f32x4.add(s0, f32x4.mul(d0, d0));
    s1 = f32x4.add(s1, f32x4.mul(d1, d1));
    a += 32;
    b += 32;
  }
  if (a < end) {
    const d0 = f32x4.sub(v128.load(a), v128.load(b));
    s0 = f32x4.add(s0, f32x4.mul(d0, d0));
  }
  return sumOfLanes(f32x4.add(s0, s1));
}

/** Dot product of two rows of `bytes` bytes, a multiple of 16. */
export function dotProduct(a: usize, b: usize, bytes: usize): f32 {
  let s0 = f32x4.splat(0);
  let s1 = f32x4.splat(0);
  const end = a + bytes;
  const whole = a + (bytes & ~31);
  while (a < whole) {
    s0 = f32x4.add(s0, f32x4.mul(v128.load(a), v128.load(b)));
    s1 = f32x4.add(s1, f32x4.mul(v128.load(a, 16), v128.load(b, 16)));
    a += 32;
    b += 32;
  }
  if (a < end) s0 = f32x4.add(s0, f32x4.mul(v128.load(a), v128.load(b)));
  return sumOfLanes(f32x4.add(s0, s1));
}
