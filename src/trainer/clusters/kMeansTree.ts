import type { Kernels } from '../kernels/kernels';
import { loadRowsOf } from '../kernels/rows';
import type { Matrix } from '../store/matrix';
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
export function kMeansTree(
  kernels: Kernels,
  vectors: Matrix,
  { count, minSize, seed }: CompleteSettings,
  report: (progress: Progress) => void,
): ClusterTree {
  const builder = new ClusterTreeBuilder(vectors.rows);
  const { memory } = kernels;
  const divide = (members: Int32Array, parent: number, depth: number, k: number): void => {
    const before = memory.allocated;
    const rows = loadRowsOf(kernels, vectors, members);
    const options = { seed: seed + parent + 1, restarts: RESTARTS, iterations: ITERATIONS, spherical: true };
    const { clusters } = kMeans(kernels, rows, k, options);
    memory.release(before);
    for (const places of grouped(clusters, k)
      .filter(({ length }) => length > 0)
      .sort((a, b) => b.length - a.length)) {
      const inside = places.map((place) => members[place]);
      const id = builder.add(parent, inside);
      if (parent < 0) report({ stage: 'Finding clusters', done: id, total: 0, unit: 'clusters' });
      const parts = Math.min(MOST_PARTS, Math.floor(inside.length / (4 * minSize)));
      if (depth < PART_LEVELS && parts >= 2) divide(inside, id, depth + 1, parts);
    }
  };
  const all = Int32Array.from({ length: vectors.rows }, (_, item) => item);
  if (vectors.rows > 0) divide(all, -1, 0, Math.min(count, vectors.rows));
  return builder.build();
}
