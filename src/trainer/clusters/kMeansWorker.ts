/** Entry of the thread that groups rows by k-means, for measures: see `clustering`. */
import { serveJob, type JobProtocol } from '../jobThread';
import { Kernels } from '../kernels/kernels';
import { loadRows } from '../kernels/rows';
import type { Matrix } from '../store/matrix';
import { kMeans, type KMeansOptions, type KMeansResult } from './kMeans';

interface KMeansJob {
  readonly vectors: Matrix;
  readonly clusters: number;
  readonly options: KMeansOptions;
}

export type KMeansThread = JobProtocol<KMeansJob, KMeansResult>;

serveJob<KMeansThread>(async ({ vectors, clusters, options }) => {
  const kernels = await Kernels.start();
  return kMeans(kernels, loadRows(kernels, vectors), clusters, options);
});
