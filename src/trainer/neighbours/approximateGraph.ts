import type { CallContext } from '../../rpc/rpc';
import { runInThread } from '../jobThread';
import type { Progress } from '../types/progress';
import type { ApproximateNeighbours, ApproximateSettings } from './approximate';
import type { NeighboursJob } from './worker';

/**
 * `approximateNeighbours` of an embedding's file, in a thread of its own.
 * @throws KindredError `cancelled` at once: the thread is ended in the middle of its work
 */
export function approximateGraph(
  file: string,
  settings: ApproximateSettings,
  context: CallContext<Progress>,
): Promise<ApproximateNeighbours> {
  return runInThread<NeighboursJob>('neighboursWorker', 'The search for neighbours', { file, settings }, context);
}
