/** Entry of the worker thread that computes a projection: see `project`. Cancelled by terminating it. */
import { parentPort, workerData } from 'node:worker_threads';
import { toErrorData } from '../../rpc/errors';
import type { NeighboursMessage, ProjectionJob, ProjectionMessage } from './messages';
import { runProjection } from './steps';

const port = parentPort!;

function post(message: ProjectionMessage): void {
  port.postMessage(message, message.kind === 'failed' ? [] : [message.positions.buffer as ArrayBuffer]);
}

const neighbours = new Promise<NeighboursMessage>((resolve) => port.once('message', resolve));

runProjection(workerData as ProjectionJob, neighbours, (frame) => post({ kind: 'frame', ...frame }))
  .then((positions) => post({ kind: 'done', positions }))
  .catch((error: unknown) => post({ kind: 'failed', error: toErrorData(error) }))
  .finally(() => port.close());
