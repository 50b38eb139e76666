import { KindredError } from '../../rpc/errors';
import type { CallContext } from '../../rpc/rpc';

interface Share {
  readonly result: Promise<unknown>;
  readonly controller: AbortController;
  readonly listeners: Set<(progress: unknown) => void>;
  users: number;
  last: unknown;
}

type Start = (context: CallContext<unknown>) => Promise<unknown>;

/**
 * Long calls that give the same result whoever asks (an embedding, a projection) run once for all who ask at the same time.
 * One who leaves gives up only their own part; the work ends when nobody wants it any more. A panel that is hidden loses its
 * page, and asks again when it comes back: `keep` says that it still wants the work, which then goes on meanwhile.
 */
export class SharedCalls {
  private readonly shares = new Map<string, Share>();

  get size(): number {
    return this.shares.size;
  }

  /** `release` gives up a part that was kept. */
  join(
    key: string,
    start: Start,
    context: CallContext<unknown>,
    keep: (release: () => void) => boolean = () => false,
  ): Promise<unknown> {
    const share = this.shares.get(key) ?? this.begin(key, start);
    share.users += 1;
    share.listeners.add(context.report);
    if (share.last !== undefined) context.report(share.last);
    return new Promise((resolve, reject) => {
      const release = (): void => {
        share.users -= 1;
        if (share.users === 0) this.end(key, share);
      };
      const leave = (): void => {
        share.listeners.delete(context.report);
        if (!keep(release)) release();
        // The last one waits until the work has stopped: that is what "cancelled" means.
        if (share.users > 0) reject(new KindredError('cancelled', 'Cancelled.'));
      };
      context.signal.addEventListener('abort', leave, { once: true });
      share.result.then(resolve, reject).finally(() => context.signal.removeEventListener('abort', leave));
    });
  }

  private begin(key: string, start: Start): Share {
    const controller = new AbortController();
    const listeners = new Set<(progress: unknown) => void>();
    const report = (progress: unknown): void => {
      share.last = progress;
      for (const listener of listeners) listener(progress);
    };
    const result = start({ signal: controller.signal, report }).finally(() => this.forget(key, share));
    const share: Share = { result, controller, listeners, users: 0, last: undefined };
    this.shares.set(key, share);
    return share;
  }

  private end(key: string, share: Share): void {
    this.forget(key, share);
    share.controller.abort();
  }

  private forget(key: string, share: Share): void {
    if (this.shares.get(key) === share) this.shares.delete(key);
  }
}
