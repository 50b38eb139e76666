/** Entry of the thread in which the neighbours of many rows are found: see `approximateGraph`. */
import { type JobProtocol, serveJob } from '../jobThread';
import { Kernels } from '../kernels/kernels';
import { readMatrix } from '../store/matrix';
import { approximateNeighbours, type ApproximateNeighbours, type ApproximateSettings } from './approximate';

export type NeighboursJob = JobProtocol<
  { readonly file: string; readonly settings: ApproximateSettings },
  ApproximateNeighbours
>;

serveJob<NeighboursJob>(async ({ file, settings }, report) => {
  const vectors = await readMatrix(file);
  return approximateNeighbours(await Kernels.start(), vectors, settings, report);
});
