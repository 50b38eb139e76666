/** Distances as plain loops in float64. */
import type { Distance } from '../../../../src/trainer/types/pairLosses';

export type Vector = readonly number[];
export type Rows = readonly Vector[];

export function unit(row: Vector): number[] {
  const length = Math.hypot(...row);
  return length === 0 ? row.map(() => 0) : row.map((x) => x / length);
}

export const dot = (a: Vector, b: Vector): number => a.reduce((total, x, i) => total + x * b[i], 0);
export const sum = (values: Vector): number => values.reduce((a, b) => a + b, 0);
export const mean = (values: Vector): number => (values.length === 0 ? 0 : sum(values) / values.length);
export const relu = (x: number): number => Math.max(0, x);

/** log of the sum of e^x, 0 for nothing. */
export function logSumExp(values: Vector): number {
  if (values.length === 0) return 0;
  const highest = Math.max(...values);
  return highest + Math.log(sum(values.map((x) => Math.exp(x - highest))));
}

/** log(1 + the sum of e^x). */
export function logOnePlus(values: Vector): number {
  const highest = Math.max(0, ...values);
  return highest > 0 ? logSumExp([...values, 0]) : Math.log1p(sum(values.map((x) => Math.exp(x))));
}

export function euclidean(a: Vector, b: Vector): number {
  const [u, v] = [unit(a), unit(b)];
  return Math.hypot(...u.map((x, i) => x - v[i]));
}

export const cosine = (a: Vector, b: Vector): number => dot(unit(a), unit(b));

/** How far apart; smaller is more alike. */
export function distanceBetween(kind: Distance, a: Vector, b: Vector): number {
  switch (kind) {
    case 'euclidean':
      return euclidean(a, b);
    case 'squared-euclidean':
      return euclidean(a, b) ** 2;
    case 'cosine':
      return 1 - cosine(a, b);
    case 'dot':
      return -dot(a, b);
    case 'snr':
      return signalToNoise(unit(a), unit(b));
  }
}

/** How alike; larger is more alike. */
export function similarityBetween(kind: Distance, a: Vector, b: Vector): number {
  return kind === 'cosine' ? cosine(a, b) : -distanceBetween(kind, a, b);
}

function signalToNoise(a: Vector, b: Vector): number {
  const signal = variance(a);
  return signal < 1e-12 / a.length ? 0 : variance(a.map((x, i) => x - b[i])) / signal;
}

function variance(values: Vector): number {
  const middle = mean(values);
  return mean(values.map((x) => (x - middle) ** 2));
}
