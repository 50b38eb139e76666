import { PIXEL_DIMS } from '../embedding/pixels';
import type { Matrix } from '../store/matrix';
import { Random } from '../random';
import type { Clustering } from '../types/evaluation';
import type { KMeansThread } from '../clusters/kMeansWorker';
import { runInThread } from '../jobThread';
import { mutualInformation } from './mutualInformation';

/** Items that are clustered at most: more make it slower but hardly sharper. */
const MOST_ITEMS = 4000;
/** Items times clusters at most: the start of k-means compares them all, and raw pixels are long vectors. */
const MOST_COMPARISONS = Math.floor(1.5e9 / PIXEL_DIMS);
/** A class that is one of very many gives at most so many items. */
const FEWEST_A_CLASS = 10;
const RESTARTS = 5;
/** Multiplications of all restarts, with some twenty iterations each. */
const MOST_WORK = 6e10;

/**
 * Groups the embeddings by k-means into as many clusters as there are classes, and tells how much of the classes it found.
 * Large sets are reduced to some classes, drawn by the seed; all models get the same.
 *
 * @param labels one code a row, none below 0
 * @returns undefined when there is one class only: one cluster is always right
 */
export async function clustering(
  vectors: Matrix,
  labels: Int32Array,
  options: { readonly seed: number; readonly signal?: AbortSignal },
): Promise<Clustering | undefined> {
  const chosen = rowsToCluster(labels, new Random(options.seed).fork('clustering'));
  const classes = numbered(chosen.map((row) => labels[row]));
  const clusters = classes.reduce((most, c) => Math.max(most, c + 1), 0);
  if (clusters < 2) return undefined;
  const { dims } = vectors;
  const data = new Float32Array(chosen.length * dims);
  chosen.forEach((row, i) => data.set(vectors.data.subarray(row * dims, (row + 1) * dims), i * dims));
  const work = 20 * chosen.length * clusters * dims;
  const restarts = Math.min(RESTARTS, Math.max(1, Math.floor(MOST_WORK / work)));
  const { seed, signal = new AbortController().signal } = options;
  const job = { vectors: { data, rows: chosen.length, dims }, clusters, options: { seed, restarts } };
  const context = { signal, report: () => undefined };
  const found = await runInThread<KMeansThread>('kMeansWorker', 'The clustering', job, context);
  return { ...mutualInformation(classes, found.clusters), clusters, items: chosen.length };
}

/** All rows, or those of some classes; of few large classes, an even share of each. Ascending. */
export function rowsToCluster(labels: Int32Array, random: Random): Int32Array {
  const members = new Map<number, number[]>();
  labels.forEach((label, row) => {
    const rows = members.get(label);
    if (rows) rows.push(row);
    else members.set(label, [row]);
  });
  const share = labels.length <= MOST_ITEMS ? Infinity : Math.max(FEWEST_A_CLASS, MOST_ITEMS / members.size);
  const rows: number[] = [];
  let clusters = 0;
  for (const all of random.shuffle([...members.values()])) {
    const some = all.length <= share ? all : random.shuffle(all).slice(0, share);
    const items = rows.length + some.length;
    if (clusters >= 2 && (items > MOST_ITEMS + share || items * (clusters + 1) > MOST_COMPARISONS)) break;
    rows.push(...some);
    clusters++;
  }
  return Int32Array.from(rows).sort();
}

function numbered(labels: Int32Array): Int32Array {
  const numbers = new Map<number, number>();
  return labels.map((label) => {
    const number = numbers.get(label) ?? numbers.size;
    numbers.set(label, number);
    return number;
  });
}
