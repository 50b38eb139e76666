import type { Kernels } from '../kernels/kernels';
import { loadRows, normalise, ROWS_AT_A_TIME, type KernelRows } from '../kernels/rows';
import type { Matrix } from '../store/matrix';
import type { Progress } from '../types/progress';
import { descend } from './descent/descent';
import { emptyLists } from './descent/lists';
import { allCoordinates, fewCoordinates, type SearchRows } from './descent/reduced';
import { joinTrees } from './descent/trees';
import { METRIC_CODE, type NearMetric } from './metric';
import { sampledRecall } from './recall';
import { SearchPace } from './searchPace';

export interface ApproximateSettings {
  readonly k: number;
  readonly metric: NearMetric;
  readonly seed: number;
}

export interface ApproximateNeighbours {
  readonly k: number;
  /** Row-major, nearest first, the row itself left out. */
  readonly indices: Int32Array;
  readonly distances: Float32Array;
  /** Share of the true neighbours that was found, measured on a sample. */
  readonly recall: number;
}

const TREES = 6;
/** Candidates that are compared in full, beyond the k that are wanted. */
const SPARE = 33;
/** A search on few coordinates that finds less is done again on all. */
const LEAST_RECALL = 0.95;

/**
 * The k nearest rows of each row, nearly all of them: random projection trees, then nearest-neighbour descent on few coordinates,
 * then a comparison in full of the best candidates. Runs to its end in the calling thread and the kernels' own. The same rows
 * and seed give the same bytes on any number of threads.
 * @throws KindredError `bad-input` when the rows do not fit into 4 GB
 */
export function approximateNeighbours(
  kernels: Kernels,
  vectors: Matrix,
  { k: wanted, metric, seed }: ApproximateSettings,
  report: (progress: Progress) => void = () => undefined,
): ApproximateNeighbours {
  const before = kernels.memory.allocated;
  const k = Math.min(wanted, vectors.rows - 1);
  const pace = new SearchPace(report);
  const full = loadRows(kernels, vectors);
  if (metric === 'cosine') normalise(kernels, full);
  const search = (rows: SearchRows): ApproximateNeighbours =>
    searchAmong(kernels, full, rows, { k, metric, seed }, pace);
  const few = fewCoordinates(kernels, full);
  let found = search(few ?? allCoordinates(kernels, full));
  if (few !== undefined && found.recall < LEAST_RECALL) found = search(allCoordinates(kernels, full));
  kernels.memory.release(before);
  return found;
}

function searchAmong(
  kernels: Kernels,
  full: KernelRows,
  rows: SearchRows,
  { k, metric, seed }: ApproximateSettings,
  pace: SearchPace,
): ApproximateNeighbours {
  const { memory } = kernels;
  const before = memory.allocated;
  const lists = emptyLists(kernels, rows.rows, k + SPARE);
  pace.begin();
  joinTrees(kernels, rows, lists, TREES, seed);
  descend(kernels, rows, lists, seed, (round) => pace.round(round));
  const ids = memory.allocate(4 * rows.rows * k);
  const distances = memory.allocate(4 * rows.rows * k);
  const { at, bytes } = full;
  kernels.run(
    'rerank',
    full.rows,
    ROWS_AT_A_TIME,
    at,
    bytes,
    METRIC_CODE[metric],
    lists.ids,
    lists.width,
    k,
    ids,
    distances,
  );
  pace.ranked();
  const found = {
    k,
    indices: Int32Array.from(memory.integers(ids, full.rows * k)),
    distances: Float32Array.from(memory.floats(distances, full.rows * k)),
  };
  const recall = sampledRecall(kernels, full, metric, found, seed);
  memory.release(before);
  return { ...found, recall };
}
