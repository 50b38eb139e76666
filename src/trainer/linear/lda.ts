import { eigenOf } from './eigen';
import { leadingEigen } from './leadingEigen';
import { type LinearMap, mapOnto } from './map';
import type { Moments } from './moments';

/**
 * Linear discriminant analysis (Fisher 1936, Rao 1948) with the covariance within the classes, S_w, shrunk towards a multiple of the
 * identity: the directions w of largest w'S_b w / w'S_w w, scaled so that w'S_w w = 1. There are at most classes - 1 of them.
 * @param shrinkage 0 to 1; that of Ledoit and Wolf (2004), which minimises the expected error, when not given.
 */
export function shrinkageLda(moments: Moments, size: number, shrinkage?: number): LinearMap {
  const { classMeans, counts, dims, mean, rows } = moments;
  const deviations = betweenRoots(moments);
  const within = withinCovariance(moments, deviations);
  const amount = shrinkage ?? ledoitWolf(within, moments);
  const root = inverseRoot(shrunk(within, dims, amount), dims);
  const present = [...counts.keys()].filter((c) => counts[c] > 0);
  // S_w^-1/2 S_b S_w^-1/2 = M M' with M = S_w^-1/2 x the weighted deviations of the class means.
  const whitened = multiplyRows(deviations, root, dims);
  const most = Math.min(size, present.length - 1, dims);
  if (most < 1 || classMeans.length === 0 || rows < 2) return mapOnto(new Float64Array(0), mean, size);
  const { vectors } = leadingEigen(gram(whitened, dims), dims, most);
  return mapOnto(multiplyRows(vectors, root, dims), mean, size);
}

/** sqrt(n_c / n) (mean of the class - mean), class after class: their products add up to S_b. */
function betweenRoots({ classMeans, counts, dims, mean, rows }: Moments): Float64Array {
  return classMeans.map((value, i) => {
    const count = counts[Math.floor(i / dims)];
    return count === 0 ? 0 : (value - mean[i % dims]) * Math.sqrt(count / rows);
  });
}

function withinCovariance({ covariance, dims }: Moments, deviations: Float64Array): Float64Array {
  const between = gram(deviations, dims);
  return covariance.map((value, i) => value - between[i]);
}

/** The shrinkage of Ledoit and Wolf (2004): the error of the entries as a share of their distance from a multiple of the identity. */
export function ledoitWolf(within: Float64Array, { dims, fourth, rows }: Moments): number {
  let trace = 0;
  for (let i = 0; i < dims; i++) trace += within[i * dims + i];
  const level = trace / dims;
  let squares = 0;
  let apart = 0;
  within.forEach((value, i) => {
    const isDiagonal = Math.floor(i / dims) === i % dims;
    squares += value * value;
    apart += (isDiagonal ? value - level : value) ** 2;
  });
  const error = (fourth - squares) / rows;
  return apart <= 0 ? 1 : Math.min(1, Math.max(0, error) / apart);
}

function shrunk(within: Float64Array, dims: number, amount: number): Float64Array {
  let trace = 0;
  for (let i = 0; i < dims; i++) trace += within[i * dims + i];
  const result = within.map((value) => (1 - amount) * value);
  for (let i = 0; i < dims; i++) result[i * dims + i] += (amount * trace) / dims;
  return result;
}

/** Variances within the classes below this share of the largest are taken as this. */
const SMALLEST_SHARE = 1e-9;

/** S^-1/2, symmetric. */
function inverseRoot(matrix: Float64Array, dims: number): Float64Array {
  const { values, vectors } = eigenOf(matrix, dims);
  const floor = Math.max(values[0] * SMALLEST_SHARE, Number.MIN_VALUE);
  const scaled = vectors.map((x, i) => x / Math.max(values[Math.floor(i / dims)], floor) ** 0.25);
  return gram(scaled, dims);
}

/** X'X of rows of `dims`. */
function gram(rows: Float64Array, dims: number): Float64Array {
  const result = new Float64Array(dims * dims);
  for (let row = 0; row < rows.length; row += dims)
    for (let i = 0; i < dims; i++) {
      const x = rows[row + i];
      if (x === 0) continue;
      for (let j = 0; j < dims; j++) result[i * dims + j] += x * rows[row + j];
    }
  return result;
}

/** Each row times a symmetric matrix. */
function multiplyRows(rows: Float64Array, matrix: Float64Array, dims: number): Float64Array {
  const result = new Float64Array(rows.length);
  for (let row = 0; row < rows.length; row += dims)
    for (let i = 0; i < dims; i++) {
      const x = rows[row + i];
      if (x === 0) continue;
      for (let j = 0; j < dims; j++) result[row + j] += x * matrix[i * dims + j];
    }
  return result;
}
