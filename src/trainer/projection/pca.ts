import { Random } from '../random';
import type { Matrix } from '../store/matrix';
import { symmetricEigen } from './symmetricEigen';

export interface PrincipalAxes {
  readonly mean: Float64Array;
  /** Unit vectors of falling variance; zeros where the data has fewer directions. The largest entry of each is positive. */
  readonly axes: readonly Float64Array[];
  /** Variance along each axis (divided by the number of rows). */
  readonly variances: readonly number[];
}

export interface PcaOptions {
  /** Fit to at most this many rows, evenly spread over all. */
  readonly maxRows?: number;
  readonly iterations?: number;
  /** Stop when no axis turns by more than this (1 - |cosine|). */
  readonly tolerance?: number;
}

/** More vectors than axes are iterated, so that axes of nearly equal variance are told apart soon. */
const OVERSAMPLING = 4;

/**
 * The first principal axes by subspace iteration with Rayleigh-Ritz (Halko, Martinsson and Tropp 2011, without ever forming
 * the covariance). The same data gives the same axes: the start is fixed.
 */
export function principalAxes(matrix: Matrix, count: number, options: PcaOptions = {}): PrincipalAxes {
  const { maxRows = Infinity, iterations = 100, tolerance = 1e-10 } = options;
  const rows = evenlySpread(matrix.rows, maxRows);
  const mean = meanRow(matrix, rows);
  const width = Math.min(count + OVERSAMPLING, matrix.dims);
  const random = new Random(0).fork('pca');
  let basis = orthonormal(Array.from({ length: width }, () => Float64Array.from(mean, () => random.normal())));
  let variances: readonly number[] = [];
  for (let i = 0; i < iterations; i++) {
    const before = basis;
    const { images, gram } = applyCovariance(matrix, rows, mean, basis);
    const { values, vectors } = symmetricEigen(gram);
    variances = values;
    // Ritz vectors of the old basis say how far it is; their images are the next basis.
    const ritz = vectors.map((weights) => combine(basis, weights));
    const settled = ritz
      .slice(0, count)
      .every((axis, j) => !isReal(values, j) || 1 - Math.abs(dot(axis, before[j])) < tolerance);
    basis = ritz;
    if (i > 0 && settled) break;
    if (i < iterations - 1) basis = orthonormal(vectors.map((weights) => combine(images, weights)));
  }
  return finish(mean, basis, variances, count);
}

/** Coordinates along the axes, less the mean; row-major, one column an axis. */
export function projectOnto({ data, rows, dims }: Matrix, { mean, axes }: PrincipalAxes): Float64Array {
  const width = axes.length;
  const positions = new Float64Array(rows * width);
  const shifts = axes.map((axis) => dot(axis, mean));
  for (let j = 0; j < width; j++) {
    const axis = axes[j];
    for (let row = 0; row < rows; row++) {
      let sum = 0;
      for (let d = 0, i = row * dims; d < dims; d++, i++) sum += data[i] * axis[d];
      positions[row * width + j] = sum - shifts[j];
    }
  }
  return positions;
}

function evenlySpread(rows: number, most: number): Int32Array {
  const count = Math.min(rows, most);
  return Int32Array.from({ length: count }, (_, i) => Math.floor((i * rows) / count));
}

function meanRow({ data, dims }: Matrix, rows: Int32Array): Float64Array {
  const mean = new Float64Array(dims);
  for (const row of rows) for (let d = 0, i = row * dims; d < dims; d++, i++) mean[d] += data[i];
  return mean.map((sum) => sum / rows.length);
}

/** C v for every vector v of the basis, and the small matrix of v C w, where C is the covariance of the rows. */
function applyCovariance(
  { data, dims }: Matrix,
  rows: Int32Array,
  mean: Float64Array,
  basis: readonly Float64Array[],
): { images: Float64Array[]; gram: number[][] } {
  const images = basis.map(() => new Float64Array(dims));
  const gram = basis.map(() => basis.map(() => 0));
  const shifts = basis.map((vector) => dot(vector, mean));
  const centred = new Float64Array(dims);
  const along = new Float64Array(basis.length);
  for (const row of rows) {
    for (let d = 0, i = row * dims; d < dims; d++, i++) centred[d] = data[i];
    for (let j = 0; j < basis.length; j++) along[j] = dot(basis[j], centred) - shifts[j];
    for (let d = 0; d < dims; d++) centred[d] -= mean[d];
    for (let j = 0; j < basis.length; j++) {
      addScaled(images[j], centred, along[j] / rows.length);
      for (let k = 0; k < basis.length; k++) gram[j][k] += (along[j] * along[k]) / rows.length;
    }
  }
  return { images, gram };
}

/** Gram and Schmidt, twice for accuracy; a vector that depends on those before it becomes zeros. */
function orthonormal(vectors: readonly Float64Array[]): Float64Array[] {
  const basis: Float64Array[] = [];
  for (const vector of vectors) {
    const rest = Float64Array.from(vector);
    const before = Math.sqrt(dot(rest, rest));
    for (let pass = 0; pass < 2; pass++) for (const other of basis) addScaled(rest, other, -dot(rest, other));
    const length = Math.sqrt(dot(rest, rest));
    basis.push(length > before * 1e-10 && length > 0 ? rest.map((x) => x / length) : rest.fill(0));
  }
  return basis;
}

function finish(
  mean: Float64Array,
  basis: readonly Float64Array[],
  variances: readonly number[],
  count: number,
): PrincipalAxes {
  const axes: Float64Array[] = [];
  const kept: number[] = [];
  for (let j = 0; j < count; j++) {
    const real = isReal(variances, j);
    axes.push(real ? withPositivePeak(basis[j]) : new Float64Array(mean.length));
    kept.push(real ? variances[j] : 0);
  }
  return { mean, axes, variances: kept };
}

/** Float32 data has no directions finer than this; what is left there is rounding. */
function isReal(variances: readonly number[], axis: number): boolean {
  return axis < variances.length && variances[axis] > variances[0] * 1e-12 && variances[axis] > 1e-14;
}

function withPositivePeak(axis: Float64Array): Float64Array {
  let peak = 0;
  for (let d = 1; d < axis.length; d++) if (Math.abs(axis[d]) > Math.abs(axis[peak])) peak = d;
  return axis[peak] < 0 ? axis.map((x) => 0 - x) : axis;
}

function combine(vectors: readonly Float64Array[], weights: readonly number[]): Float64Array {
  const sum = new Float64Array(vectors[0].length);
  vectors.forEach((vector, j) => addScaled(sum, vector, weights[j]));
  return sum;
}

function addScaled(sum: Float64Array, vector: Float64Array, weight: number): void {
  for (let d = 0; d < sum.length; d++) sum[d] += weight * vector[d];
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let d = 0; d < a.length; d++) sum += a[d] * b[d];
  return sum;
}
