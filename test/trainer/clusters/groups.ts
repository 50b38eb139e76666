import { Random } from '../../../src/trainer/random';
import type { Rows } from '../neighbours/rows';

/** Groups of rows around corners that are far apart. */
export function groups(count: number, each: number, spread: number, seed: number): { rows: Rows; labels: Int32Array } {
  const random = new Random(seed);
  const dims = count;
  const data = new Float32Array(count * each * dims);
  for (let row = 0; row < count * each; row++)
    for (let d = 0; d < dims; d++) data[row * dims + d] = (row % count === d ? 1 : 0) + spread * random.normal();
  return {
    rows: { data, rows: count * each, dims },
    labels: Int32Array.from({ length: count * each }, (_, row) => row % count),
  };
}
