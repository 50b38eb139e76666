import type { Kernels } from '../kernels/kernels';
import { loadRowsOf, normalise, type KernelRows } from '../kernels/rows';
import type { Matrix } from '../store/matrix';
import { METRIC_CODE, type NearMetric } from './metric';

/** Queries that are compared between two reports. */
const QUERIES_AT_A_TIME = 256;
/** Queries that a thread takes at a time; four share the loads of a row. */
const QUERIES_A_THREAD = 4;

export interface FoundAmong {
  readonly k: number;
  /** Places in `known`, nearest first, row-major: one row a query. */
  readonly indices: Int32Array;
  readonly distances: Float32Array;
}

/**
 * The k nearest of some rows to each of others; exact. Runs to its end in the calling thread and the kernels' own; the same bytes on any
 * number of threads.
 * @param known, queries numbers of rows, none in both
 * @param report hears how many queries are done
 * @throws KindredError `bad-input` when the rows do not fit into 4 GB
 */
export function nearestAmong(
  kernels: Kernels,
  vectors: Matrix,
  known: Int32Array,
  queries: Int32Array,
  { k: wanted, metric }: { readonly k: number; readonly metric: NearMetric },
  report: (done: number) => void = () => undefined,
): FoundAmong {
  const { memory } = kernels;
  const before = memory.allocated;
  const k = Math.min(wanted, known.length);
  const order = new Int32Array(known.length + queries.length);
  order.set(known);
  order.set(queries, known.length);
  const rows = loadRowsOf(kernels, vectors, order);
  if (metric === 'cosine') normalise(kernels, rows);
  const queryRows = queries.map((_, i) => known.length + i);
  const found = searchExactly(kernels, { ...rows, rows: known.length }, queryRows, { k, metric }, report);
  memory.release(before);
  return { k, ...found };
}

/**
 * The k nearest of all rows to each of some, itself left out, by comparing with all.
 * @param queries numbers of rows, which may lie behind those that are searched
 */
export function searchExactly(
  kernels: Kernels,
  rows: KernelRows,
  queries: Int32Array,
  { k, metric }: { readonly k: number; readonly metric: NearMetric },
  report: (done: number) => void = () => undefined,
): { readonly indices: Int32Array; readonly distances: Float32Array } {
  const { memory } = kernels;
  const before = memory.allocated;
  const queriesAt = memory.allocateIntegers(queries);
  const ids = memory.allocate(4 * queries.length * k);
  const ranks = memory.allocate(4 * queries.length * k);
  const among = [rows.at, rows.bytes, rows.rows, METRIC_CODE[metric], k];
  for (let done = 0; done < queries.length; done += QUERIES_AT_A_TIME) {
    const some = Math.min(QUERIES_AT_A_TIME, queries.length - done);
    const out = [ids + 4 * done * k, ranks + 4 * done * k];
    kernels.run('nearestExactly', some, QUERIES_A_THREAD, queriesAt + 4 * done, ...among, ...out);
    report(done + some);
  }
  const indices = Int32Array.from(memory.integers(ids, queries.length * k));
  const distances = Float32Array.from(memory.floats(ranks, queries.length * k));
  memory.release(before);
  return { indices, distances };
}
