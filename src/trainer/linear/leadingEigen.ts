import { Random } from '../random';
import { eigenOf, type EigenPairs } from './eigen';

/** Up to this many rows all eigenpairs are computed, which is exact; it takes about eight seconds. */
const ALL_UP_TO = 1024;
const OVERSAMPLING = 16;
const ROUNDS = 6;

/**
 * The `count` leading eigenpairs of a covariance. Of large matrices by randomised subspace iteration (Halko, Martinsson and Tropp 2011,
 * algorithm 4.4) and Rayleigh-Ritz; the start is fixed, so the same matrix gives the same pairs.
 */
export function leadingEigen(matrix: Float64Array, n: number, count: number): EigenPairs {
  const wanted = Math.min(count, n);
  if (n <= ALL_UP_TO) return first(eigenOf(matrix, n), n, wanted);
  return subspaceEigen((rows) => times(rows, matrix, n), n, wanted);
}

/**
 * The leading eigenpairs of a symmetric matrix of which only the product is known: of each row with the matrix. Less exact than
 * `leadingEigen` where eigenvalues are close.
 */
export function subspaceEigen(
  product: (rows: Float64Array<ArrayBuffer>) => Float64Array<ArrayBuffer>,
  n: number,
  count: number,
): EigenPairs {
  const wanted = Math.min(count, n);
  const width = Math.min(n, wanted + OVERSAMPLING);
  const random = new Random(0).fork('leading eigenvectors');
  let basis = Float64Array.from({ length: width * n }, () => random.normal());
  for (let round = 0; round < ROUNDS; round++) {
    orthonormalise(basis, n);
    basis = product(basis);
  }
  orthonormalise(basis, n);
  const images = product(basis);
  const small = new Float64Array(width * width);
  for (let i = 0; i < width; i++)
    for (let j = 0; j < width; j++) small[i * width + j] = dot(basis, i * n, images, j * n, n);
  const ritz = eigenOf(small, width);
  const vectors = new Float64Array(wanted * n);
  for (let i = 0; i < wanted; i++)
    for (let j = 0; j < width; j++) {
      const weight = ritz.vectors[i * width + j];
      for (let k = 0; k < n; k++) vectors[i * n + k] += weight * basis[j * n + k];
    }
  return { values: ritz.values.slice(0, wanted), vectors };
}

function first({ values, vectors }: EigenPairs, n: number, count: number): EigenPairs {
  return { values: values.slice(0, count), vectors: vectors.slice(0, count * n) };
}

/** Each row of `rows` times the symmetric matrix. */
function times(rows: Float64Array, matrix: Float64Array, n: number): Float64Array<ArrayBuffer> {
  const result = new Float64Array(rows.length);
  for (let row = 0; row < rows.length; row += n)
    for (let j = 0; j < n; j++) result[row + j] = dot(rows, row, matrix, j * n, n);
  return result;
}

/** Gram and Schmidt, twice for accuracy, in place. */
function orthonormalise(rows: Float64Array, n: number): void {
  for (let row = 0; row < rows.length; row += n) {
    for (let pass = 0; pass < 2; pass++)
      for (let other = 0; other < row; other += n) {
        const along = dot(rows, row, rows, other, n);
        for (let k = 0; k < n; k++) rows[row + k] -= along * rows[other + k];
      }
    const length = Math.sqrt(dot(rows, row, rows, row, n));
    for (let k = 0; k < n; k++) rows[row + k] = length > 0 ? rows[row + k] / length : 0;
  }
}

function dot(a: Float64Array, atA: number, b: Float64Array, atB: number, n: number): number {
  let sum = 0;
  for (let k = 0; k < n; k++) sum += a[atA + k] * b[atB + k];
  return sum;
}
