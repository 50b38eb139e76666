import { parentPort } from 'node:worker_threads';
import { KindredError } from '../rpc/errors';
import { type CallContext, type Handlers, type NoMethods, type Protocol, Rpc } from '../rpc/rpc';
import { threadPort } from './engine/onnx/threadPort';
import type { Progress } from './types/progress';
import { startWorker, type WorkerName } from './workers';

/** What a thread for one piece of work serves: its only method. */
export interface JobProtocol<Job, Result> {
  run: { params: Job; progress: Progress; result: Result };
}

/**
 * Does one long computation in a thread of its own, which ends with it. Cancelling ends the thread at once, whatever it is
 * computing, so the work itself need not look for it.
 * @param what for messages: "The clustering"
 * @throws KindredError `cancelled`, `internal` when the thread ended by itself, and what the work throws
 */
export function runInThread<P extends JobProtocol<unknown, unknown>>(
  name: WorkerName,
  what: string,
  job: P['run']['params'],
  { signal, report }: CallContext<Progress>,
): Promise<P['run']['result']> {
  type Asked = JobProtocol<P['run']['params'], P['run']['result']>;
  return withThread<Asked, P['run']['result']>(name, what, signal, (rpc) =>
    rpc.call('run', job, { onProgress: report }),
  );
}

/** As `runInThread`, for work that is asked for in more than one call. The thread ends when `use` does. */
export async function withThread<P extends Protocol<P>, Result>(
  name: WorkerName,
  what: string,
  signal: AbortSignal,
  use: (rpc: Rpc<NoMethods, P>) => Promise<Result>,
): Promise<Result> {
  const worker = startWorker(name);
  const rpc = new Rpc<NoMethods, P>(threadPort(worker), {});
  const broken = (reason: string, cause?: unknown): void =>
    rpc.close(new KindredError('internal', `${what} broke off: ${reason}.`, { cause, remedy: 'Start it again.' }));
  worker.once('error', (error) => broken(error.message, error));
  worker.once('exit', (code) => broken(`its thread ended with code ${code}`));
  const cancel = (): void => rpc.close(new KindredError('cancelled', 'Cancelled.'));
  if (signal.aborted) cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    return await use(rpc);
  } finally {
    signal.removeEventListener('abort', cancel);
    await worker.terminate();
  }
}

/** The other side: called once by the entry of the thread. */
export function serveJob<P extends JobProtocol<unknown, unknown>>(
  work: (
    job: P['run']['params'],
    report: (progress: Progress) => void,
  ) => Promise<P['run']['result']> | P['run']['result'],
): void {
  type Served = JobProtocol<P['run']['params'], P['run']['result']>;
  const handlers: Handlers<Served> = { run: (job, { report }) => work(job, report) };
  new Rpc<Served, NoMethods>(threadPort(parentPort!), handlers);
}
