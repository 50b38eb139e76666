import { dotProduct, sumOfLanes } from './distance';

/** Scales rows to length 1; rows of zeros stay. */
export function normaliseRows(from: i32, to: i32, rows: usize, bytes: usize): void {
  for (let i = from; i < to; i++) {
    const row = rows + <usize>i * bytes;
    const square = dotProduct(row, row, bytes);
    const scale = f32x4.splat(square > 0 ? 1 / sqrt<f32>(square) : 0);
    for (let at = row; at < row + bytes; at += 16) v128.store(at, f32x4.mul(v128.load(at), scale));
  }
}

/** What a row holds beside what its projection keeps of it: `rests[i] = max(0, |row - mean|^2 - |projection|^2)`. */
export function squaresLeft(
  from: i32,
  to: i32,
  rows: usize,
  bytes: usize,
  mean: usize,
  projected: usize,
  projectedBytes: usize,
  rests: usize,
): void {
  for (let i = from; i < to; i++) {
    const row = rows + <usize>i * bytes;
    let sum = f32x4.splat(0);
    for (let at: usize = 0; at < bytes; at += 16) {
      const d = f32x4.sub(v128.load(row + at), v128.load(mean + at));
      sum = f32x4.add(sum, f32x4.mul(d, d));
    }
    const whole = sumOfLanes(sum);
    const kept = projected + <usize>i * projectedBytes;
    store<f32>(rests + ((<usize>i) << 2), max<f32>(0, whole - dotProduct(kept, kept, projectedBytes)));
  }
}

/**
 * Rows `from` to `to` of the lower half of the covariance of centred rows, summed, not divided: `out[i][j] = sum x[i] x[j]`. `columns` holds
 * the sample transposed, a column of `bytes` bytes each (a multiple of 16, filled up with zeros).
 */
export function covariance(from: i32, to: i32, columns: usize, bytes: usize, outBytes: usize, out: usize): void {
  for (let i = from; i < to; i++) {
    const a = columns + <usize>i * bytes;
    for (let j = 0; j <= i; j++) {
      const value = dotProduct(a, columns + <usize>j * bytes, bytes);
      store<f32>(out + <usize>i * outBytes + ((<usize>j) << 2), value);
    }
  }
}

/** `out[row][axis] = dot(row, axis) - shift[axis]`; four axes at a time share the loads of the row. `axes` is a multiple of 4. */
export function projectRows(
  from: i32,
  to: i32,
  rows: usize,
  bytes: usize,
  axesAt: usize,
  axes: i32,
  shifts: usize,
  out: usize,
  outBytes: usize,
): void {
  for (let i = from; i < to; i++) {
    const row = rows + <usize>i * bytes;
    const result = out + <usize>i * outBytes;
    for (let axis = 0; axis < axes; axis += 4) {
      const a0 = axesAt + <usize>axis * bytes;
      const a1 = a0 + bytes;
      const a2 = a1 + bytes;
      const a3 = a2 + bytes;
      let s0 = f32x4.splat(0);
      let s1 = f32x4.splat(0);
      let s2 = f32x4.splat(0);
      let s3 = f32x4.splat(0);
      for (let at: usize = 0; at < bytes; at += 16) {
        const x = v128.load(row + at);
        s0 = f32x4.add(s0, f32x4.mul(x, v128.load(a0 + at)));
        s1 = f32x4.add(s1, f32x4.mul(x, v128.load(a1 + at)));
        s2 = f32x4.add(s2, f32x4.mul(x, v128.load(a2 + at)));
        s3 = f32x4.add(s3, f32x4.mul(x, v128.load(a3 + at)));
      }
      // Transposes the four sums so that one addition a lane ends them.
      const t0 = v128.shuffle<f32>(s0, s1, 0, 4, 1, 5);
      const t1 = v128.shuffle<f32>(s0, s1, 2, 6, 3, 7);
      const t2 = v128.shuffle<f32>(s2, s3, 0, 4, 1, 5);
      const t3 = v128.shuffle<f32>(s2, s3, 2, 6, 3, 7);
      const low = f32x4.add(t0, t1);
      const high = f32x4.add(t2, t3);
      const even = v128.shuffle<f32>(low, high, 0, 1, 4, 5);
      const odd = v128.shuffle<f32>(low, high, 2, 3, 6, 7);
      const sum = f32x4.add(even, odd);
      v128.store(result + ((<usize>axis) << 2), f32x4.sub(sum, v128.load(shifts + ((<usize>axis) << 2))));
    }
  }
}
