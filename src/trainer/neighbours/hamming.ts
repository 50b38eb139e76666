import { KindredError } from '../../rpc/errors';
import type { Kernels } from '../kernels/kernels';

/** Rows of bits, packed into bytes. */
export interface BitRows {
  readonly data: Uint8Array;
  readonly rows: number;
  /** Bytes of a row. */
  readonly bytes: number;
}

export interface BitNeighbours {
  /** As asked for, or one less than the number of rows when there are not as many. */
  readonly k: number;
  /** Row-major, nearest first, the row itself left out; of equals the one with the smaller number first. */
  readonly indices: Int32Array;
  /** Bits that differ. */
  readonly distances: Float32Array;
}

/** Rows that are searched for between two reports. */
const ROWS_BETWEEN = 4096;
const ROWS_A_THREAD = 64;

/**
 * The k nearest of each row by the Hamming distance, the number of bits that differ; exact, all are compared with all. Runs to its end in the
 * calling thread and the kernels' own; the same bytes on any number of threads.
 * @param report hears how many rows are done
 * @throws KindredError `invalid-argument` when the data are not so many rows, or k is not a whole number from 1; `bad-input` when they do not
 *   fit into 4 GB
 */
export function hammingNeighbours(
  kernels: Kernels,
  { data, rows, bytes }: BitRows,
  wanted: number,
  report: (done: number) => void = () => undefined,
): BitNeighbours {
  if (data.length !== rows * bytes)
    throw new KindredError('invalid-argument', `${data.length} bytes are not ${rows} rows of ${bytes}.`);
  if (!Number.isInteger(wanted) || wanted < 1)
    throw new KindredError('invalid-argument', `${wanted} neighbours cannot be found.`, {
      remedy: 'Ask for a whole number of neighbours, 1 or more.',
    });
  const k = Math.max(0, Math.min(wanted, rows - 1));
  if (k === 0) return { k, indices: new Int32Array(0), distances: new Float32Array(0) };
  const { memory } = kernels;
  const before = memory.allocated;
  const width = 8 * Math.ceil(bytes / 8);
  const at = memory.allocateBytes(width === bytes ? data : padded(data, rows, bytes, width));
  const ids = memory.allocate(4 * rows * k);
  const ranks = memory.allocate(4 * rows * k);
  for (let first = 0; first < rows; first += ROWS_BETWEEN) {
    const some = Math.min(ROWS_BETWEEN, rows - first);
    const out = [ids + 4 * first * k, ranks + 4 * first * k];
    kernels.run('nearestByBits', some, ROWS_A_THREAD, first, at, width, rows, k, ...out);
    report(first + some);
  }
  const indices = Int32Array.from(memory.integers(ids, rows * k));
  const distances = Float32Array.from(memory.floats(ranks, rows * k));
  memory.release(before);
  return { k, indices, distances };
}

/** Bits of 0 at the end of each row differ from nothing. */
function padded(data: Uint8Array, rows: number, bytes: number, width: number): Uint8Array {
  const wide = new Uint8Array(rows * width);
  for (let row = 0; row < rows; row++) wide.set(data.subarray(row * bytes, (row + 1) * bytes), row * width);
  return wide;
}
