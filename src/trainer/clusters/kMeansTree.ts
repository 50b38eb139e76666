import type { CallContext } from '../../rpc/rpc';
import type { Matrix } from '../store/matrix';
import { inSlices } from '../store/slices';
import type { Progress } from '../types/progress';
import { grouped } from './leiden/weightedGraph';
import { ClusterTreeBuilder, type ClusterTree } from './clusterTree';
import { kMeans } from './kMeans';
import { PART_LEVELS, type CompleteSettings } from './settings';

const RESTARTS = 2;
const ITERATIONS = 30;
/** Parts of a cluster at most: what a person can take in at a glance. */
const MOST_PARTS = 6;

/** Spherical k-means, and k-means inside of each cluster, level by level, so that a part lies in its whole. */
export async function kMeansTree(
  vectors: Matrix,
  { count, minSize, seed }: CompleteSettings,
  { signal, report }: CallContext<Progress>,
): Promise<ClusterTree> {
  const builder = new ClusterTreeBuilder(vectors.rows);
  const divide = async (members: Int32Array, parent: number, depth: number, k: number): Promise<void> => {
    const rows = await rowsOf(vectors, members, signal);
    const options = { seed: seed + parent + 1, restarts: RESTARTS, iterations: ITERATIONS, spherical: true, signal };
    const { clusters } = await kMeans(rows, k, options);
    for (const places of grouped(clusters, k)
      .filter(({ length }) => length > 0)
      .sort((a, b) => b.length - a.length)) {
      const inside = places.map((place) => members[place]);
      const id = builder.add(parent, inside);
      if (parent < 0) report({ stage: 'Finding clusters', done: id, total: 0, unit: 'clusters' });
      const parts = Math.min(MOST_PARTS, Math.floor(inside.length / (4 * minSize)));
      if (depth < PART_LEVELS && parts >= 2) await divide(inside, id, depth + 1, parts);
    }
  };
  report({ stage: 'Finding clusters', done: 0, total: 0, unit: '' });
  const all = Int32Array.from({ length: vectors.rows }, (_, item) => item);
  if (vectors.rows > 0) await divide(all, -1, 0, Math.min(count, vectors.rows));
  return builder.build();
}

async function rowsOf({ data, rows, dims }: Matrix, members: Int32Array, signal: AbortSignal): Promise<Matrix> {
  if (members.length === rows) return { data, rows, dims };
  const some = new Float32Array(members.length * dims);
  const copy = (place: number): void =>
    some.set(data.subarray(members[place] * dims, (members[place] + 1) * dims), place * dims);
  await inSlices(members.length, copy, signal);
  return { data: some, rows: members.length, dims };
}
