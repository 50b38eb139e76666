/** Entry of the thread that finds clusters: see `findClusters`. It reads the rows itself, so that nobody copies them. */
import { serveJob, type JobProtocol } from '../jobThread';
import { Kernels } from '../kernels/kernels';
import type { NeighbourGraph } from '../neighbours/graph';
import { type Matrix, readMatrix } from '../store/matrix';
import { ProgressMeter } from '../store/progressMeter';
import type { Progress } from '../types/progress';
import { clusterMembers, type ClusterTree } from './clusterTree';
import { examplesOf, type Examples } from './exemplars';
import { hdbscan } from './hdbscan/hdbscan';
import { kMeansTree } from './kMeansTree';
import { communities } from './leiden/communities';
import { PART_LEVELS, type CompleteSettings } from './settings';

interface ClusterJob {
  /** The embedding's `.npy` file. */
  readonly file: string;
  readonly settings: CompleteSettings;
  /** What all methods but k-means begin with. */
  readonly graph: NeighbourGraph | undefined;
}

/** Clusters, with the examples of each. */
export interface FoundClusters {
  readonly tree: ClusterTree;
  readonly examples: readonly Examples[];
  readonly modularity?: number;
}

export type ClusterThread = JobProtocol<ClusterJob, FoundClusters>;

serveJob<ClusterThread>(async (job, report) => {
  const vectors = await readMatrix(job.file);
  report({ stage: 'Finding clusters', done: 0, total: 0, unit: '' });
  const found = await foundIn(job, vectors, report);
  return { ...found, examples: examples(vectors, found.tree, report) };
});

async function foundIn(
  { graph, settings }: ClusterJob,
  vectors: Matrix,
  report: (progress: Progress) => void,
): Promise<Pick<FoundClusters, 'tree' | 'modularity'>> {
  if (graph === undefined) return { tree: kMeansTree(await Kernels.start(), vectors, settings, report) };
  const options = { ...settings, levels: PART_LEVELS };
  if (settings.kind === 'hdbscan') return { tree: hdbscan(vectors, graph, options) };
  return communities(graph, vectors.rows, options);
}

function examples(vectors: Matrix, tree: ClusterTree, report: (progress: Progress) => void): Examples[] {
  const members = clusterMembers(tree);
  const meter = new ProgressMeter(report, 'Choosing examples', members.length, 'clusters');
  return members.map((items) => {
    const found = examplesOf(vectors, items);
    meter.add();
    return found;
  });
}
