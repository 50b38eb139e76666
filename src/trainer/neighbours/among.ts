import type { Kernels } from '../kernels/kernels';
import { loadRowsOf, normalise } from '../kernels/rows';
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
  const queriesAt = memory.allocateIntegers(queries.map((_, i) => known.length + i));
  const ids = memory.allocate(4 * queries.length * k);
  const ranks = memory.allocate(4 * queries.length * k);
  for (let done = 0; done < queries.length; done += QUERIES_AT_A_TIME) {
    const some = Math.min(QUERIES_AT_A_TIME, queries.length - done);
    const among = [rows.at, rows.bytes, known.length, METRIC_CODE[metric], k];
    const out = [ids + 4 * done * k, ranks + 4 * done * k];
    kernels.run('nearestExactly', some, QUERIES_A_THREAD, queriesAt + 4 * done, ...among, ...out);
    report(done + some);
  }
  const indices = Int32Array.from(memory.integers(ids, queries.length * k));
  const distances = Float32Array.from(memory.floats(ranks, queries.length * k));
  memory.release(before);
  return { k, indices, distances };
}
