/** Entry of the thread that measures a projection: see `projectionQuality`. It reads the rows itself, so that nobody copies them. */
import { KindredError } from '../../rpc/errors';
import { serveJob, type JobProtocol } from '../jobThread';
import { readNpy } from '../store/npy';
import type { ProjectionQuality } from '../types/projectionQuality';
import { measureQuality, type QualityJob } from './measure';

interface QualityThreadJob extends Omit<QualityJob, 'vectors'> {
  /** The embedding's `.npy` file. */
  readonly file: string;
}

export type QualityThread = JobProtocol<QualityThreadJob, ProjectionQuality>;

serveJob<QualityThread>(async ({ file, ...job }, report) => {
  const { data, shape } = await readNpy(file);
  const [rows = 0, dims = 0] = shape;
  if (!(data instanceof Float32Array) || shape.length !== 2)
    throw new KindredError('bad-input', `${file} is no embedding.`, { remedy: 'Compute it again.', path: file });
  return measureQuality({ ...job, vectors: { data, rows, dims } }, report);
});
