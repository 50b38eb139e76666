import type { Kernels } from '../kernels/kernels';
import type { FuzzyGraph } from './fuzzyGraph';

/** The edges of each item after one another, in the kernels' memory. */
export interface Edges {
  /** Where those of each item begin, and where the last end: multiples of 4 (i32). */
  readonly starts: number;
  /** The other end of each (i32). */
  readonly ends: number;
  /** f32; 0 for edges that only fill up. */
  readonly weights: number;
  /** How many there are, those that fill up counted. */
  readonly count: number;
}

/** @param scale what each weight is multiplied by */
export function loadEdges(
  { memory }: Kernels,
  { rows, columns, weights }: FuzzyGraph,
  items: number,
  scale: number,
): Edges {
  const counts = new Int32Array(items);
  for (const row of rows) counts[row]++;
  const starts = new Int32Array(items + 1);
  counts.forEach((count, item) => (starts[item + 1] = starts[item] + 4 * Math.ceil(count / 4)));
  const count = starts[items];
  const at = { ends: memory.zeros(4 * count), weights: memory.zeros(4 * count) };
  const ends = memory.integers(at.ends, count);
  const scaled = memory.floats(at.weights, count);
  const next = starts.slice(0, items);
  rows.forEach((row, edge) => {
    const to = next[row]++;
    ends[to] = columns[edge];
    scaled[to] = weights[edge] * scale;
  });
  return { starts: memory.allocateIntegers(starts), ...at, count };
}
