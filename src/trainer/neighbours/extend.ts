import type { Kernels } from '../kernels/kernels';
import { loadRows, normalise, ROWS_AT_A_TIME } from '../kernels/rows';
import type { Matrix } from '../store/matrix';
import type { Progress } from '../types/progress';
import type { ApproximateNeighbours, ApproximateSettings } from './approximate';
import { searchExactly } from './exactSearch';
import { METRIC_CODE } from './metric';
import { sampledRecall } from './recall';

/** A graph of earlier rows, of which most are among those of now. */
export interface EarlierGraph {
  /** Row-major, nearest first; at least as many neighbours as are wanted now. */
  readonly k: number;
  readonly indices: Int32Array;
  /** For each row of now its number then, -1 for a new one. */
  readonly before: Int32Array;
  readonly recall: number;
}

/** With a larger share of rows to be searched for, a search from nothing is as good. */
const MOST_SEARCHED = 0.2;
/** Rows to be compared with all, times their dimensions, that take about half as long as a search from nothing. */
const MOST_WORK = 1e6;
/** Candidates beyond the k that are wanted: the search and the final comparison round a little differently. */
const SPARE = 8;
/** By so much the measured recall may fall, as it is measured on a sample. */
const LOSS = 0.01;

/**
 * Brings a graph up to date: new rows, and those that lost a neighbour, are compared with all; the others take new rows into their lists where
 * these are nearer. The same result as a search from nothing where that and the earlier one missed nothing. The same bytes on any number of
 * threads.
 * @returns undefined when a search from nothing is as fast, or the recall has fallen
 */
export function extendNeighbours(
  kernels: Kernels,
  vectors: Matrix,
  { k: wanted, metric, seed }: ApproximateSettings,
  earlier: EarlierGraph,
  report: (progress: Progress) => void = () => undefined,
): ApproximateNeighbours | undefined {
  const { memory } = kernels;
  const before = memory.allocated;
  const { rows: count, dims } = vectors;
  const k = Math.min(wanted, count - 1);
  const width = k + SPARE;
  const { lists, searched, fresh } = takeOver(earlier, k, width);
  if (searched.length > MOST_SEARCHED * count || (searched.length + fresh.length) * dims > MOST_WORK) return undefined;
  const rows = loadRows(kernels, vectors);
  if (metric === 'cosine') normalise(kernels, rows);
  const near = { k: Math.min(width, count - 1), metric };
  const { indices } = searchExactly(kernels, rows, searched, near, (done) =>
    report({ stage: 'Comparing items', done, total: searched.length, unit: 'items' }),
  );
  const complete = new Uint8Array(count);
  searched.forEach((row, i) => {
    lists.set(indices.subarray(i * near.k, (i + 1) * near.k), row * width);
    complete[row] = 1;
  });
  const found = joined(kernels, [rows.at, rows.bytes, METRIC_CODE[metric]], { lists, complete, fresh, k, width });
  const recall = sampledRecall(kernels, rows, metric, found, seed);
  memory.release(before);
  return recall < earlier.recall - LOSS ? undefined : { ...found, recall };
}

/** The lists with the numbers of now, as far as their rows are still there; which rows must be searched for, and which of those are new. */
function takeOver(
  { k: room, indices, before }: EarlierGraph,
  k: number,
  width: number,
): { lists: Int32Array; searched: Int32Array; fresh: Int32Array } {
  const now = new Int32Array(indices.length / room).fill(-1);
  before.forEach((then, row) => {
    if (then >= 0) now[then] = row;
  });
  const lists = new Int32Array(before.length * width).fill(-1);
  const searched: number[] = [];
  before.forEach((then, row) => {
    let at = row * width;
    const end = at + k;
    if (then >= 0)
      for (const neighbour of indices.subarray(then * room, (then + 1) * room)) {
        if (now[neighbour] < 0) continue;
        lists[at++] = now[neighbour];
        if (at === end) break;
      }
    if (at < end) searched.push(row);
  });
  const numbers = Int32Array.from(searched);
  return { lists, searched: numbers, fresh: numbers.filter((row) => before[row] < 0) };
}

interface Offers {
  readonly lists: Int32Array;
  /** 1 for rows whose list has the new rows already. */
  readonly complete: Uint8Array;
  readonly fresh: Int32Array;
  readonly k: number;
  readonly width: number;
}

/** The k nearest of what each list holds and of the new rows. */
function joined(
  kernels: Kernels,
  rows: readonly number[],
  { lists, complete, fresh, k, width }: Offers,
): Omit<ApproximateNeighbours, 'recall'> {
  const { memory } = kernels;
  const before = memory.allocated;
  const count = complete.length;
  const ids = memory.allocate(4 * count * k);
  const distances = memory.allocate(4 * count * k);
  const offers = [memory.allocateIntegers(fresh), fresh.length, memory.allocateBytes(complete)];
  const from = [memory.allocateIntegers(lists), width, k];
  kernels.run('rerankWithOffers', count, ROWS_AT_A_TIME, ...rows, ...from, ids, distances, ...offers);
  const found = {
    k,
    indices: Int32Array.from(memory.integers(ids, count * k)),
    distances: Float32Array.from(memory.floats(distances, count * k)),
  };
  memory.release(before);
  return found;
}
