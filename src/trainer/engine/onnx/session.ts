import type { Device } from '../../types/engine';
import { RpcThread } from '../../rpcThread';
import type { HostTensor, HostTensors } from '../engine';
import type { Carried, SessionProtocol } from './sessionProtocol';
import { defaultThreads } from '../threads';

export interface SessionOptions {
  /** CPU threads that one operator may use; all cores when not given. */
  readonly threads?: number;
  readonly carried?: readonly Carried[];
  /** The CPU when not given. */
  readonly device?: Device;
}

/** A model in ONNX Runtime. All that it is asked for happens in the order of asking, in another thread. */
export interface Session {
  /** These inputs (copied) stay for all runs, until they are replaced. */
  keep(tensors: HostTensors): void;
  /** What is kept now, with what the last run carried over. */
  kept(): Promise<HostTensors>;
  /** Takes the inputs that are not kept, gives the outputs that are not carried over. */
  run(inputs: HostTensors): Promise<HostTensors>;
  close(): Promise<void>;
}

/** @throws KindredError `engine` with what ONNX Runtime said */
export async function openSession(model: Uint8Array, options: SessionOptions = {}): Promise<Session> {
  const { threads = defaultThreads(), carried = [], device = 'cpu' } = options;
  const thread = sessionThread();
  const session = await thread.call('open', { model: compact(model), threads, carried, device });
  return new RemoteSession(thread, session);
}

/** Why sessions run in ONNX Runtime's WebAssembly build: the native one cannot be loaded. */
export async function nativeProblem(): Promise<string | undefined> {
  return (await sessionThread().call('nativeProblem', null)) ?? undefined;
}

class RemoteSession implements Session {
  /** A `keep` that failed shows in the next call that is waited for. */
  private keeping: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly thread: RpcThread<SessionProtocol>,
    private readonly session: number,
  ) {}

  keep(tensors: HostTensors): void {
    this.keeping = this.thread.call('keep', { session: this.session, tensors: compactAll(tensors) });
    this.keeping.catch(() => undefined);
  }

  async kept(): Promise<HostTensors> {
    await this.keeping;
    return this.thread.call('kept', { session: this.session });
  }

  async run(inputs: HostTensors): Promise<HostTensors> {
    await this.keeping;
    return this.thread.call('run', { session: this.session, inputs: compactAll(inputs) });
  }

  async close(): Promise<void> {
    await this.thread.call('close', { session: this.session });
  }
}

/** A view is sent with all of the memory that it is a view of; a copy of the part is not. */
function compact<T extends HostTensor['data']>(data: T): T {
  return data.byteLength === data.buffer.byteLength ? data : (data.slice() as T);
}

function compactAll(tensors: HostTensors): HostTensors {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { shape, data }]) => [name, { shape, data: compact(data) }]),
  );
}

let running: RpcThread<SessionProtocol> | undefined;

/** The one thread of this process in which ONNX Runtime runs; started when first needed, and again if it died. */
function sessionThread(): RpcThread<SessionProtocol> {
  running ??= new RpcThread<SessionProtocol>('sessionWorker', {
    what: 'ONNX Runtime',
    ended: () => (running = undefined),
  });
  return running;
}
