import type { KernelRows } from '../kernels/rows';
import type { Kernels } from '../kernels/kernels';
import { Random } from '../random';
import { searchExactly } from './exactSearch';
import type { NearMetric } from './metric';

/** Rows whose neighbours are compared with the exact ones. */
const QUERIES = 128;

/** Of the true `k` nearest, the share that was found, over a sample of rows. A neighbour as near as the k-th counts as true. */
export function sampledRecall(
  kernels: Kernels,
  rows: KernelRows,
  metric: NearMetric,
  found: { readonly k: number; readonly distances: Float32Array },
  seed: number,
): number {
  const { k } = found;
  const count = Math.min(QUERIES, rows.rows);
  const queries = Int32Array.from(
    new Random(seed)
      .fork('recall')
      .shuffle(Int32Array.from({ length: rows.rows }, (_, i) => i))
      .subarray(0, count),
  );
  const { distances: exact } = searchExactly(kernels, rows, queries, { k, metric });
  let hits = 0;
  queries.forEach((row, i) => {
    const farthest = exact[i * k + k - 1];
    for (let j = 0; j < k; j++) if (found.distances[row * k + j] <= farthest + 1e-6 * Math.abs(farthest)) hits++;
  });
  return hits / (count * k);
}
