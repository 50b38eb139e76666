import type { FuzzyGraph, NearestNeighbours } from './fuzzyGraph';

/** Keeps the logarithm of the radius of copies finite, as in densMAP. */
const LEAST_RADIUS = 1e-8;

/**
 * The logarithm of the local radius of each item among the data (Narayan, Berger and Cho 2021): the mean squared distance along its
 * edges, weighed by their strength; NaN for an item without edges.
 */
export function logRadii({ k, indices, distances }: NearestNeighbours, graph: FuzzyGraph): Float64Array {
  const items = indices.length / k;
  const squares = new Float64Array(items);
  const weights = new Float64Array(items);
  const listed = (item: number, other: number): number => {
    for (let at = item * k; at < (item + 1) * k; at++) if (indices[at] === other) return distances[at];
    return -1;
  };
  graph.weights.forEach((weight, edge) => {
    const item = graph.rows[edge];
    const other = graph.columns[edge];
    const out = listed(item, other);
    const distance = out >= 0 ? out : listed(other, item);
    squares[item] += weight * distance ** 2;
    weights[item] += weight;
  });
  return squares.map((sum, item) => Math.log(LEAST_RADIUS + sum / weights[item]));
}

export interface Spread {
  readonly mean: number;
  readonly variance: number;
}

/** Of those that are numbers. */
export function spreadOf(values: Float64Array): Spread {
  let count = 0;
  let sum = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    count++;
    sum += value;
  }
  const mean = sum / Math.max(1, count);
  let squares = 0;
  for (const value of values) if (!Number.isNaN(value)) squares += (value - mean) ** 2;
  return { mean, variance: squares / Math.max(1, count) };
}

/** With the mean 0 and the variance 1; 0 for all that do not vary, and for what is no number. */
export function standardised(values: Float64Array): Float64Array {
  const { mean, variance } = spreadOf(values);
  // What differs by rounding only does not differ.
  const scale = variance > 1e-12 * (1 + mean ** 2) ? 1 / Math.sqrt(variance) : 0;
  return values.map((value) => (Number.isNaN(value) ? 0 : (value - mean) * scale));
}
