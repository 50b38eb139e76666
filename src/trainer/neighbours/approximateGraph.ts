import type { CallContext } from '../../rpc/rpc';
import { runInThread } from '../jobThread';
import type { Progress } from '../types/progress';
import type { ApproximateNeighbours } from './approximate';
import type { NeighboursJob, NeighboursTask } from './worker';

/**
 * `approximateNeighbours` of an embedding's file, or `extendNeighbours` where that is enough, in a thread of its own.
 * @throws KindredError `cancelled` at once: the thread is ended in the middle of its work
 */
export function approximateGraph(task: NeighboursTask, context: CallContext<Progress>): Promise<ApproximateNeighbours> {
  return runInThread<NeighboursJob>('neighboursWorker', 'The search for neighbours', task, context);
}
