import type { MessagePort, Worker } from 'node:worker_threads';
import type { Envelope, Port } from '../../../rpc/rpc';

/** A worker thread, or the thread's own end, as a port of the RPC. Typed arrays are copied. */
export function threadPort(thread: Worker | MessagePort): Port {
  return {
    post: (message) => thread.postMessage(message),
    listen: (listener) => void thread.on('message', (message: Envelope) => listener(message)),
  };
}
