import type { Matrix } from '../store/matrix';
import type { Kernels } from './kernels';

/** Rows in the kernels' memory: each filled up with zeros to a multiple of four numbers. */
export interface KernelRows {
  readonly at: number;
  readonly rows: number;
  readonly dims: number;
  /** From one row to the next. */
  readonly bytes: number;
}

/** Bytes of a row of so many numbers. */
export function rowBytes(dims: number): number {
  return 16 * Math.ceil(dims / 4);
}

/** Rows that a thread takes at a time where each row is soon done. */
export const ROWS_AT_A_TIME = 256;

/** Copies vectors into the kernels' memory. */
export function loadRows(kernels: Kernels, { data, rows, dims }: Matrix): KernelRows {
  const bytes = rowBytes(dims);
  const width = bytes / 4;
  const at = kernels.memory.allocate(rows * bytes);
  const target = kernels.memory.floats(at, rows * width);
  if (width === dims) target.set(data);
  else
    for (let row = 0; row < rows; row++) {
      target.set(data.subarray(row * dims, (row + 1) * dims), row * width);
      target.fill(0, row * width + dims, (row + 1) * width);
    }
  return { at, rows, dims, bytes };
}

/** The same of the rows with these numbers, in their order. */
export function loadRowsOf(kernels: Kernels, { data, dims }: Matrix, order: Int32Array): KernelRows {
  const bytes = rowBytes(dims);
  const width = bytes / 4;
  const at = kernels.memory.zeros(order.length * bytes);
  const target = kernels.memory.floats(at, order.length * width);
  order.forEach((row, i) => target.set(data.subarray(row * dims, (row + 1) * dims), i * width));
  return { at, rows: order.length, dims, bytes };
}

/** Scales every row to length 1, in place; rows of zeros stay. */
export function normalise(kernels: Kernels, { at, rows, bytes }: KernelRows): void {
  kernels.run('normaliseRows', rows, ROWS_AT_A_TIME, at, bytes);
}
