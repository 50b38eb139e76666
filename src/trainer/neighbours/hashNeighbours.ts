import type { CallContext } from '../../rpc/rpc';
import { runInThread } from '../jobThread';
import type { Progress } from '../types/progress';
import type { BitNeighbours } from './hamming';
import type { HammingJob } from './hammingWorker';

/**
 * The k nearest items of every item by the bits in which their perceptual hashes differ; exact, in a thread of its own.
 * @throws KindredError `invalid-argument` when k is not a whole number from 1, `cancelled`
 */
export function hashNeighbours(
  hashes: BigUint64Array,
  k: number,
  context: CallContext<Progress>,
): Promise<BitNeighbours> {
  const data = new Uint8Array(hashes.buffer, hashes.byteOffset, hashes.byteLength);
  const bits = { data, rows: hashes.length, bytes: 8 };
  return runInThread<HammingJob>('hammingWorker', 'Comparing hashes', { bits, k }, context);
}
