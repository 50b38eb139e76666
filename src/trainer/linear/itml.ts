import { Random } from '../random';
import { eigenOf } from './eigen';
import type { Labelled } from './moments';

/** Pairs of rows, half of them (as far as there are) of one class. */
export interface Pairs {
  readonly dims: number;
  /** [pairs, dims]: one row less the other. */
  readonly differences: Float64Array;
  /** 1 for a pair of one class, 0 for two. */
  readonly same: Uint8Array;
  /** A pair of one class shall have at most this squared distance, another at least `far`. */
  readonly near: number;
  readonly far: number;
}

export interface Metric {
  /** [dims, dims], positive definite: the squared distance of a difference v is v'Av. */
  readonly metric: Float64Array;
  /** The multiplier of each pair, 0 where its bound does not press. */
  readonly multipliers: Float64Array;
  /** What the bound of each pair became: slack moves it. */
  readonly bounds: Float64Array;
}

/** How much the bounds weigh against the metric that it begins with, which is the identity. */
const SLACK = 1;
const MOST_SWEEPS = 20;
/** Ends when a sweep changes the multipliers by less than this share of them. */
const TOLERANCE = 1e-3;
const MOST_PAIRS = 4000;

/**
 * Information-theoretic metric learning (Davis, Kulis, Jain, Sra and Dhillon 2007, algorithm 1): the metric A of smallest LogDet
 * divergence from the identity, plus `slack` times that of the moved bounds from the wanted ones, by Bregman projections onto one bound
 * after the other.
 */
export function itml(pairs: Pairs, slack = SLACK, { sweeps = MOST_SWEEPS, tolerance = TOLERANCE } = {}): Metric {
  const { dims, differences, same, near, far } = pairs;
  const metric = Float64Array.from({ length: dims * dims }, (_, i) => (i % (dims + 1) === 0 ? 1 : 0));
  const bounds = Float64Array.from(same, (isSame) => (isSame === 1 ? near : far));
  const multipliers = new Float64Array(same.length);
  const image = new Float64Array(dims);
  for (let sweep = 0; sweep < sweeps; sweep++) {
    let changed = 0;
    let total = 0;
    for (let pair = 0; pair < same.length; pair++) {
      const v = differences.subarray(pair * dims, (pair + 1) * dims);
      const squared = times(metric, v, image);
      if (!(squared > 0)) continue;
      const sign = same[pair] === 1 ? 1 : -1;
      const wanted = sign * (slack / (slack + 1)) * (1 / squared - 1 / bounds[pair]);
      const step = Math.min(multipliers[pair], wanted);
      multipliers[pair] -= step;
      bounds[pair] = 1 / (1 / bounds[pair] + (sign * step) / slack);
      addOuter(metric, image, (sign * step) / (1 - sign * step * squared));
      changed += Math.abs(step);
      total += multipliers[pair];
    }
    if (changed <= tolerance * total) break;
  }
  return { metric, multipliers, bounds };
}

/** The directions, one after the other, whose squared lengths along a difference add up to the metric's distance. */
export function directionsOf(metric: Float64Array, dims: number): Float64Array {
  const { values, vectors } = eigenOf(metric, dims);
  return vectors.map((x, i) => x * Math.sqrt(Math.max(0, values[Math.floor(i / dims)])));
}

/** Pairs by a fixed seed, with bounds at the 5th and 95th percentile of their squared distances, as the paper has them. */
export function drawPairs({ data, dims, labels, rows }: Labelled, most = MOST_PAIRS): Pairs {
  const random = new Random(1).fork('itml');
  const byClass = new Map<number, number[]>();
  labels.forEach((label, row) => byClass.set(label, [...(byClass.get(label) ?? []), row]));
  const several = [...byClass.values()].filter(({ length }) => length >= 2);
  const drawn: { readonly a: number; readonly b: number }[] = [];
  for (let pair = 0; pair < most; pair++) {
    const members = pair % 2 === 0 && several.length > 0 ? several[random.integer(several.length)] : undefined;
    const a = members === undefined ? random.integer(rows) : members[random.integer(members.length)];
    const b = members === undefined ? random.integer(rows) : members[random.integer(members.length)];
    if (a !== b) drawn.push({ a, b });
  }
  const differences = new Float64Array(drawn.length * dims);
  drawn.forEach(({ a, b }, pair) => {
    for (let k = 0; k < dims; k++) differences[pair * dims + k] = data[a * dims + k] - data[b * dims + k];
  });
  const same = Uint8Array.from(drawn, ({ a, b }) => (labels[a] === labels[b] ? 1 : 0));
  const squares = Float64Array.from(drawn, (_, pair) => {
    const v = differences.subarray(pair * dims, (pair + 1) * dims);
    return v.reduce((sum, value) => sum + value * value, 0);
  }).sort();
  const at = (share: number): number => Math.max(squares[Math.floor(share * (squares.length - 1))] ?? 1, 1e-9);
  return { dims, differences, same, near: at(0.05), far: at(0.95) };
}

/** Writes A v to `image` and gives v'Av. */
function times(metric: Float64Array, v: Float64Array, image: Float64Array): number {
  const n = v.length;
  let squared = 0;
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += metric[i * n + j] * v[j];
    image[i] = sum;
    squared += sum * v[i];
  }
  return squared;
}

/** A + factor x x' in place. */
function addOuter(metric: Float64Array, x: Float64Array, factor: number): void {
  if (factor === 0) return;
  const n = x.length;
  for (let i = 0; i < n; i++) {
    const along = factor * x[i];
    for (let j = 0; j < n; j++) metric[i * n + j] += along * x[j];
  }
}
