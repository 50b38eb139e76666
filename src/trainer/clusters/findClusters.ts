import { throwIfCancelled } from '../../rpc/errors';
import type { CallContext } from '../../rpc/rpc';
import type { Dataset } from '../dataset/dataset';
import type { Embedding } from '../embedding/embedding';
import { runInThread } from '../jobThread';
import { neighbourGraph } from '../neighbours/graph';
import type { Clusters, ClusterSettings } from '../types/clusters';
import type { Progress } from '../types/progress';
import { readClusters, writeClusters } from './clusterStore';
import { describeClusters } from './describeClusters';
import {
  checkClusterSettings,
  clusteringId,
  completeSettings,
  GRAPH_NEIGHBOURS,
  type CompleteSettings,
} from './settings';
import type { ClusterThread, FoundClusters } from './worker';

/**
 * Nested clusters of the items by their embedding, with what each contains. The same rows and settings give the same clusters; they are kept
 * in `clusters/`, and what they contain (labels, words, names) is told anew of the dataset as it is now.
 *
 * @throws KindredError `invalid-argument` for settings out of range, `cancelled`, and what the store throws
 */
export async function findClusters(
  dataset: Pick<Dataset, 'paths' | 'items'>,
  embedding: Embedding,
  settings: ClusterSettings,
  context: CallContext<Progress>,
): Promise<Clusters> {
  checkClusterSettings(settings);
  throwIfCancelled(context.signal);
  const complete = completeSettings(settings, embedding.rows, dataset.items.label.categories.length);
  const id = clusteringId(embedding.summary.id, complete);
  const folder = dataset.paths.clusters;
  let found = await readClusters(folder, id, embedding);
  if (found === undefined) {
    found = await compute(dataset, embedding, complete, context);
    await writeClusters(folder, id, embedding, found);
  }
  const { clusterOf, probabilities } = found.tree;
  return {
    settings: complete,
    clusters: await describeClusters(found, dataset.items, context.signal),
    clusterOf,
    probabilities,
    noise: clusterOf.reduce((sum, cluster) => sum + (cluster < 0 ? 1 : 0), 0),
    ...(found.modularity === undefined ? {} : { modularity: found.modularity }),
  };
}

async function compute(
  dataset: Pick<Dataset, 'paths'>,
  embedding: Embedding,
  settings: CompleteSettings,
  context: CallContext<Progress>,
): Promise<FoundClusters> {
  const k = Math.max(GRAPH_NEIGHBOURS, settings.kind === 'hdbscan' ? settings.minSamples - 1 : 0);
  const graph = settings.kind === 'kmeans' ? undefined : await neighbourGraph(dataset, embedding, k, context);
  throwIfCancelled(context.signal);
  const job = { file: embedding.summary.file, settings, graph };
  return runInThread<ClusterThread>('clusterWorker', 'Finding clusters', job, context);
}
