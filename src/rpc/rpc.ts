import { fromErrorData, KindredError, toErrorData, type ErrorData } from './errors';

/** One method of a protocol: what is asked, what may be reported on the way, what comes back. */
export interface Method {
  readonly params: unknown;
  readonly progress: unknown;
  readonly result: unknown;
}

/** A protocol is an interface that maps method names to `Method`s. */
export type Protocol<P> = { readonly [K in keyof P]: Method };

/** The protocol of a side that serves nothing. */
export type NoMethods = Record<string, never>;

type NameOf<P> = Extract<keyof P, string>;

/** What a handler is given beside its parameters. */
export interface CallContext<Progress> {
  /** Aborted when the caller cancels, or is gone. */
  readonly signal: AbortSignal;
  readonly report: (progress: Progress) => void;
}

export type Handlers<P extends Protocol<P>> = {
  readonly [K in keyof P]: (
    params: P[K]['params'],
    context: CallContext<P[K]['progress']>,
  ) => Promise<P[K]['result']> | P[K]['result'];
};

export interface CallOptions<Progress> {
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

export type Envelope =
  | { readonly kind: 'request'; readonly id: number; readonly method: string; readonly params: unknown }
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'progress'; readonly id: number; readonly progress: unknown }
  | { readonly kind: 'result'; readonly id: number; readonly result: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly error: ErrorData };

/** A two-way channel of structured-cloneable messages: a child process, a webview, a worker thread. */
export interface Port {
  post(message: Envelope): void;
  /** Called once; `listener` receives every message from the other side. */
  listen(listener: (message: Envelope) => void): void;
}

interface PendingCall {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: ((progress: unknown) => void) | undefined;
  readonly stopListening: () => void;
}

/**
 * Calls methods of `Remote` over a port and serves those of `Local`. A request always ends in exactly one reply, a result or
 * a typed error; progress never arrives after it; a cancelled call still waits for the other side's reply, so that "cancelled"
 * means that the work has stopped.
 */
export class Rpc<Local extends Protocol<Local>, Remote extends Protocol<Remote>> {
  private readonly calls = new Map<number, PendingCall>();
  private readonly served = new Map<number, AbortController>();
  private nextId = 1;
  private closed: KindredError | undefined;

  constructor(
    private readonly port: Port,
    private readonly handlers: Handlers<Local>,
  ) {
    port.listen((message) => this.receive(message));
  }

  call<K extends NameOf<Remote>>(
    method: K,
    params: Remote[K]['params'],
    options: CallOptions<Remote[K]['progress']> = {},
  ): Promise<Remote[K]['result']> {
    if (this.closed) return Promise.reject(this.closed);
    if (options.signal?.aborted) return Promise.reject(new KindredError('cancelled', 'Cancelled.'));
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      const cancel = (): void => this.port.post({ kind: 'cancel', id });
      options.signal?.addEventListener('abort', cancel, { once: true });
      this.calls.set(id, {
        resolve,
        reject,
        onProgress: options.onProgress,
        stopListening: () => options.signal?.removeEventListener('abort', cancel),
      });
      this.port.post({ kind: 'request', id, method, params });
    });
  }

  /** Fails every open call with `reason`, aborts all that is being served, and refuses new calls. */
  close(reason: KindredError): void {
    if (this.closed) return;
    this.closed = reason;
    for (const id of [...this.calls.keys()]) this.settle(id, (call) => call.reject(reason));
    for (const controller of this.served.values()) controller.abort();
    this.served.clear();
  }

  private receive(message: Envelope): void {
    switch (message.kind) {
      case 'request':
        void this.serve(message.id, message.method, message.params);
        return;
      case 'cancel':
        this.served.get(message.id)?.abort();
        return;
      case 'progress':
        this.calls.get(message.id)?.onProgress?.(message.progress);
        return;
      case 'result':
        this.settle(message.id, (call) => call.resolve(message.result));
        return;
      case 'error':
        this.settle(message.id, (call) => call.reject(fromErrorData(message.error)));
        return;
    }
  }

  private settle(id: number, end: (call: PendingCall) => void): void {
    const call = this.calls.get(id);
    if (!call) return;
    this.calls.delete(id);
    call.stopListening();
    end(call);
  }

  private async serve(id: number, method: string, params: unknown): Promise<void> {
    const controller = new AbortController();
    this.served.set(id, controller);
    const reply = await this.run(id, method, params, controller);
    this.served.delete(id);
    if (!this.closed) this.port.post(reply);
  }

  private async run(id: number, method: string, params: unknown, controller: AbortController): Promise<Envelope> {
    try {
      const handler = this.handlerOf(method);
      const report = (progress: unknown): void => {
        if (!this.closed && this.served.has(id)) this.port.post({ kind: 'progress', id, progress });
      };
      return { kind: 'result', id, result: await handler(params, { signal: controller.signal, report }) };
    } catch (error) {
      return { kind: 'error', id, error: toErrorData(error) };
    }
  }

  /** The map of handlers is checked where it is made; only the wire's `unknown` is bridged here. */
  private handlerOf(method: string): (params: unknown, context: CallContext<unknown>) => unknown {
    if (!Object.hasOwn(this.handlers, method))
      throw new KindredError('invalid-argument', `Unknown method "${method}".`);
    return (this.handlers as Record<string, (params: unknown, context: CallContext<unknown>) => unknown>)[method];
  }
}
