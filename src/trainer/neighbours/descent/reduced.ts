import { ROWS_AT_A_TIME, rowBytes, type KernelRows } from '../../kernels/rows';
import type { Kernels } from '../../kernels/kernels';
import { subspaceEigen } from '../../linear/leadingEigen';

/** Rows to search among, and of each what its coordinates leave out (squared), so that distances are not far too small. */
export interface SearchRows extends KernelRows {
  /** One f32 a row. */
  readonly rests: number;
}

/** With hardly more dimensions than these, leaving some out does not pay. */
const LEFT_ALONE = 160;
/** Numbers of axes that are tried: the first that keeps enough of the variance is taken. */
const AXES = [64, 96, 128] as const;
const MOST_AXES = 128;
const ENOUGH = 0.915;
const SAMPLE = 4096;

/** Rows to be searched as they are. */
export function allCoordinates({ memory }: Kernels, full: KernelRows): SearchRows {
  return { ...full, rests: memory.zeros(4 * full.rows) };
}

/**
 * Fewer coordinates for a search whose result is compared again in full: the leading principal axes of a sample. The squared distance
 * of two rows is about that of their coordinates plus the squares of what each leaves out, as what is left out hardly agrees.
 * @returns undefined when that does not pay: the rows are short, or their variance is spread over too many axes
 */
export function fewCoordinates(kernels: Kernels, full: KernelRows): SearchRows | undefined {
  if (full.dims <= LEFT_ALONE) return undefined;
  const { memory } = kernels;
  // Behind these places lies what is needed only to fill them.
  const at = memory.allocate(full.rows * rowBytes(MOST_AXES));
  const rests = memory.allocate(4 * full.rows);
  const scratch = memory.allocated;
  const axes = principalAxes(kernels, full);
  if (axes === undefined) {
    memory.release(at);
    return undefined;
  }
  const rows: SearchRows = { at, rows: full.rows, dims: axes.count, bytes: rowBytes(axes.count), rests };
  project(kernels, full, axes, rows);
  memory.release(scratch);
  return rows;
}

interface Axes {
  readonly count: number;
  readonly mean: Float64Array;
  /** Axis after axis. */
  readonly vectors: Float64Array;
}

function project(kernels: Kernels, full: KernelRows, { count, mean, vectors }: Axes, to: SearchRows): void {
  const { memory } = kernels;
  const { dims, bytes } = full;
  const axesAt = memory.zeros(count * bytes);
  const axes = memory.floats(axesAt, (count * bytes) / 4);
  const shifts = new Float32Array(count);
  for (let axis = 0; axis < count; axis++) {
    const vector = vectors.subarray(axis * dims, (axis + 1) * dims);
    axes.set(vector, (axis * bytes) / 4);
    vector.forEach((value, d) => (shifts[axis] += value * mean[d]));
  }
  const shiftsAt = memory.allocateFloats(shifts);
  const meanAt = memory.zeros(bytes);
  memory.floats(meanAt, dims).set(mean);
  kernels.run('projectRows', full.rows, ROWS_AT_A_TIME, full.at, bytes, axesAt, count, shiftsAt, to.at, to.bytes);
  kernels.run('squaresLeft', full.rows, ROWS_AT_A_TIME, full.at, bytes, meanAt, to.at, to.bytes, to.rests);
}

/** As few leading principal axes of a sample as keep enough of its variance; undefined when the most do not. */
function principalAxes(kernels: Kernels, full: KernelRows): Axes | undefined {
  const { memory } = kernels;
  const { dims } = full;
  const { mean, columns, bytes } = sampleColumns(kernels, full);
  // Rows of zeros make their number a multiple of four, as the kernel that projects wants it.
  const matrixAt = memory.zeros(rowBytes(dims) * 4 * Math.ceil(dims / 4));
  kernels.run('covariance', dims, 8, columns, bytes, rowBytes(dims), matrixAt);
  const width = rowBytes(dims) / 4;
  const matrix = memory.floats(matrixAt, dims * width);
  let trace = 0;
  for (let i = 0; i < dims; i++) {
    trace += matrix[i * width + i];
    for (let j = 0; j < i; j++) matrix[j * width + i] = matrix[i * width + j];
  }
  const { values, vectors } = subspaceEigen((rows) => timesMatrix(kernels, rows, matrixAt, dims), dims, MOST_AXES);
  for (const count of AXES) {
    const kept = values.subarray(0, count).reduce((sum, value) => sum + value, 0);
    if (kept >= ENOUGH * trace) return { count, mean, vectors };
  }
  return undefined;
}

/** Rows (float64, one after the other) times a symmetric matrix, by the kernel that projects. */
function timesMatrix(kernels: Kernels, rows: Float64Array, matrix: number, dims: number): Float64Array<ArrayBuffer> {
  const { memory } = kernels;
  const before = memory.allocated;
  const bytes = rowBytes(dims);
  const width = bytes / 4;
  const count = rows.length / dims;
  const at = memory.zeros(count * bytes);
  const values = memory.floats(at, count * width);
  for (let row = 0; row < count; row++) values.set(rows.subarray(row * dims, (row + 1) * dims), row * width);
  const shifts = memory.zeros(bytes);
  const out = memory.allocate(count * bytes);
  kernels.run('projectRows', count, 4, at, bytes, matrix, width, shifts, out, bytes);
  const result = new Float64Array(rows.length);
  const products = memory.floats(out, count * width);
  for (let row = 0; row < count; row++) result.set(products.subarray(row * width, row * width + dims), row * dims);
  memory.release(before);
  return result;
}

/** A sample of rows spread evenly over all, less their mean, column by column. */
function sampleColumns({ memory }: Kernels, full: KernelRows): { mean: Float64Array; columns: number; bytes: number } {
  const { rows, dims } = full;
  const count = Math.min(rows, SAMPLE);
  const bytes = rowBytes(count);
  const width = bytes / 4;
  const all = memory.floats(full.at, (rows * full.bytes) / 4);
  const columns = memory.zeros(dims * bytes);
  const values = memory.floats(columns, dims * width);
  const mean = new Float64Array(dims);
  for (let i = 0; i < count; i++) {
    const from = Math.floor((i * rows) / count) * (full.bytes / 4);
    for (let d = 0; d < dims; d++) {
      values[d * width + i] = all[from + d];
      mean[d] += all[from + d] / count;
    }
  }
  for (let d = 0; d < dims; d++) for (let i = 0; i < count; i++) values[d * width + i] -= mean[d];
  return { mean, columns, bytes };
}
