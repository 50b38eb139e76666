import { squaredDistance } from './distance';

/**
 * The nearest of `k` centres of each row, the first of equals, and the squared distance to it.
 * @param rows, centres f32, `bytes` from one to the next
 * @param nearest i32 a row
 * @param squares f32 a row
 */
export function nearestCentres(
  from: i32,
  to: i32,
  rows: usize,
  bytes: usize,
  centres: usize,
  k: i32,
  nearest: usize,
  squares: usize,
): void {
  for (let row = from; row < to; row++) {
    const at = rows + <usize>row * bytes;
    let best: i32 = 0;
    let least: f32 = Infinity;
    for (let c = 0; c < k; c++) {
      const square = squaredDistance(at, centres + <usize>c * bytes, bytes);
      if (square < least) {
        least = square;
        best = c;
      }
    }
    store<i32>(nearest + ((<usize>row) << 2), best);
    store<f32>(squares + ((<usize>row) << 2), least);
  }
}

/** Lowers the squared distance of each row to the centres so far, where one more is nearer. */
export function lowerSquares(from: i32, to: i32, rows: usize, bytes: usize, centre: usize, squares: usize): void {
  for (let row = from; row < to; row++) {
    const at = squares + ((<usize>row) << 2);
    store<f32>(at, min<f32>(load<f32>(at), squaredDistance(rows + <usize>row * bytes, centre, bytes)));
  }
}
