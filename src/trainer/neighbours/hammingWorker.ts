/** Entry of the thread in which rows of bits are compared: see `hashNeighbours`. */
import { type JobProtocol, serveJob } from '../jobThread';
import { Kernels } from '../kernels/kernels';
import { type BitNeighbours, type BitRows, hammingNeighbours } from './hamming';

export type HammingJob = JobProtocol<{ readonly bits: BitRows; readonly k: number }, BitNeighbours>;

serveJob<HammingJob>(async ({ bits, k }, report) => {
  const started = performance.now();
  return hammingNeighbours(await Kernels.start(), bits, k, (done) => {
    const secondsLeft = ((performance.now() - started) / 1000 / done) * (bits.rows - done);
    report({ stage: 'Comparing hashes', done, total: bits.rows, unit: 'items', secondsLeft });
  });
});
