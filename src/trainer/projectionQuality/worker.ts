/** Entry of the thread that measures a projection: see `projectionQuality`. It reads the rows itself, so that nobody copies them. */
import { serveJob, type JobProtocol } from '../jobThread';
import { readMatrix } from '../store/matrix';
import type { ProjectionQuality } from '../types/projectionQuality';
import { measureQuality, type QualityJob } from './measure';

interface QualityThreadJob extends Omit<QualityJob, 'vectors'> {
  /** The embedding's `.npy` file. */
  readonly file: string;
}

export type QualityThread = JobProtocol<QualityThreadJob, ProjectionQuality>;

serveJob<QualityThread>(async ({ file, ...job }, report) => {
  return measureQuality({ ...job, vectors: await readMatrix(file) }, report);
});
