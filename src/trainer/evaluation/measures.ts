import { topSimilar } from '../engine/similarity';
import type { RetrievalMeasures } from '../types/embedding';
import { throwIfCancelled } from '../../rpc/errors';
import { MeasureTally } from './tally';

export interface RetrievalOptions {
  /** Measure on at most this many queries, evenly spread over all; every item is searched all the same. */
  readonly maxQueries?: number;
  readonly signal?: AbortSignal;
  /** Told how many queries are done, of how many. */
  readonly report?: (done: number, total: number) => void;
}

export interface RetrievalResult extends RetrievalMeasures {
  /** How many were measured: items with a label that at least one other item has too. */
  readonly queries: number;
}

/** Neighbours held in memory at once. */
const BLOCK_VALUES = 1 << 22;
const BLOCK_QUERIES = 1024;

/**
 * Searches each labelled item among all the others and tells how well it finds its own class: Recall@1, Recall@5, R-precision
 * and MAP@R as Musgrave, Belongie and Lim 2020 define them, means over the queries. The query itself is removed by index, so
 * that its duplicates count; items without a label are not searched. Equally similar items rank by index.
 *
 * @param data L2-normalised rows, row-major `rows` x `dims`
 * @param labels one code a row, -1 for none
 * @returns all 0 when there is no query
 */
export async function retrievalMeasures(
  data: Float32Array,
  rows: number,
  dims: number,
  labels: Int32Array,
  options: RetrievalOptions = {},
): Promise<RetrievalResult> {
  const labelled = Int32Array.from({ length: rows }, (_, row) => row).filter((row) => labels[row] >= 0);
  const codes = labelled.map((row) => labels[row]);
  const items = { data: gather(data, dims, labelled, rows), rows: codes.length, dims };
  const sizes = classSizes(codes);
  const queries = evenlySpread(
    Int32Array.from(codes.keys()).filter((item) => sizes.get(codes[item])! > 1),
    options.maxQueries ?? Infinity,
  );
  const tally = new MeasureTally();
  for (let start = 0; start < queries.length;) {
    throwIfCancelled(options.signal);
    const block = nextBlock(queries, start, (item) => sizes.get(codes[item])!, codes.length);
    const depth = depthOf(block, (item) => sizes.get(codes[item])!, codes.length);
    const asked = { data: gather(items.data, dims, block, items.rows), rows: block.length, dims };
    const found = await topSimilar(asked, items, depth, {
      signal: options.signal ?? new AbortController().signal,
      report: () => undefined,
    });
    block.forEach((query, i) => {
      const ranked = found.indices.subarray(i * depth, (i + 1) * depth).filter((item) => item !== query);
      tally.add(
        ranked.map((item) => (codes[item] === codes[query] ? 1 : 0)),
        sizes.get(codes[query])! - 1,
      );
    });
    start += block.length;
    options.report?.(start, queries.length);
  }
  return { ...tally.means(), queries: queries.length };
}

/** The given rows; the matrix itself when that is all of them. */
function gather(data: Float32Array, dims: number, rows: Int32Array, of: number): Float32Array {
  if (rows.length === of) return data;
  const taken = new Float32Array(rows.length * dims);
  rows.forEach((row, i) => taken.set(data.subarray(row * dims, (row + 1) * dims), i * dims));
  return taken;
}

function classSizes(codes: Int32Array): Map<number, number> {
  const sizes = new Map<number, number>();
  for (const code of codes) sizes.set(code, (sizes.get(code) ?? 0) + 1);
  return sizes;
}

function evenlySpread(values: Int32Array, most: number): Int32Array {
  if (values.length <= most) return values;
  return Int32Array.from({ length: most }, (_, i) => values[Math.floor((i * values.length) / most)]);
}

/** As many of the following queries as fit in memory with their neighbours. */
function nextBlock(queries: Int32Array, start: number, sizeOf: (item: number) => number, items: number): Int32Array {
  let end = start;
  let depth = 0;
  while (end < queries.length && end - start < BLOCK_QUERIES) {
    depth = Math.max(depth, depthOf(queries.subarray(end, end + 1), sizeOf, items));
    if (end > start && depth * (end - start + 1) > BLOCK_VALUES) break;
    end++;
  }
  return queries.subarray(start, end);
}

/** How many neighbours the measures need of these queries, with the query itself among them. */
function depthOf(queries: Int32Array, sizeOf: (item: number) => number, items: number): number {
  return queries.reduce((depth, item) => Math.max(depth, Math.min(items, Math.max(5, sizeOf(item) - 1) + 1)), 0);
}
