import type { Worker, WorkerOptions } from 'node:worker_threads';
import { KindredError } from '../rpc/errors';
import { type NoMethods, type Protocol, Rpc } from '../rpc/rpc';
import { threadPort } from './engine/onnx/threadPort';
import { startWorker, type WorkerName } from './workers';

export interface RpcThreadOptions extends WorkerOptions {
  /** What runs in it, for messages: "ONNX Runtime". */
  readonly what: string;
  /** The thread ended by itself; what was asked of it fails. */
  readonly ended: () => void;
}

/** A worker thread that serves a protocol. It keeps the process alive only while something is being waited for. */
export class RpcThread<P extends Protocol<P>> {
  private readonly worker: Worker;
  private readonly rpc: Rpc<NoMethods, P>;
  private open = 0;

  constructor(name: WorkerName, { what, ended, ...options }: RpcThreadOptions) {
    this.worker = startWorker(name, options);
    this.rpc = new Rpc<NoMethods, P>(threadPort(this.worker), {});
    let isOver = false;
    const end = (reason: string): void => {
      if (isOver) return;
      isOver = true;
      ended();
      this.rpc.close(new KindredError('engine', `The thread of ${what} ended: ${reason}.`));
    };
    this.worker.once('error', (error) => end(error.message));
    this.worker.once('exit', (code) => end(`exit code ${code}`));
    this.worker.unref();
  }

  async call<K extends Extract<keyof P, string>>(method: K, params: P[K]['params']): Promise<P[K]['result']> {
    if (this.open++ === 0) this.worker.ref();
    try {
      return await this.rpc.call(method, params);
    } finally {
      if (--this.open === 0) this.worker.unref();
    }
  }
}
