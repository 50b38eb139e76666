import { describe, expect, it, vi } from 'vitest';
import { relays, type RelayTarget } from '../../../src/extension/panels/relay';
import { SharedCalls } from '../../../src/extension/panels/sharedCalls';
import { isCancelled, KindredError } from '../../../src/rpc/errors';

const dataset = { root: '/data/cats' };
const settings = { kind: 'umap', neighbours: 15, minDist: 0.1, seed: 1 } as const;

interface Call {
  readonly method: string;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: never) => void;
  readonly finish: (value: unknown) => void;
}

function make(keep: (release: () => void) => boolean = () => false) {
  const calls: Call[] = [];
  const done: string[] = [];
  const target: RelayTarget = {
    call: (method, _params, { signal, onProgress }) =>
      new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(new KindredError('cancelled', 'Cancelled.')));
        calls.push({ method, signal, onProgress, finish: resolve as (value: unknown) => void });
      }),
  };
  const shared = new SharedCalls();
  const handlers = relays({ target, dataset: () => dataset, shared, keep, onDone: (method) => done.push(method) });
  return { calls, done, handlers, shared };
}

function context() {
  const controller = new AbortController();
  const seen: unknown[] = [];
  return { controller, seen, signal: controller.signal, report: (progress: unknown) => seen.push(progress) };
}

const run = { dataset, embedding: 'descriptor', settings };

describe('relays', () => {
  it.each([undefined, null, {}, { dataset: { root: '/data/dogs' } }, { dataset: { root: '/data/cats', store: '/s' } }])(
    'refuses another dataset than the panel shows: %j',
    async (params) => {
      const { handlers, calls } = make();
      const call = handlers['dataset.items'](params as never, context());
      await expect(call).rejects.toMatchObject({ code: 'invalid-argument' });
      expect(calls).toEqual([]);
    },
  );

  it('passes on the call, its progress and its result', async () => {
    const { handlers, calls, done } = make();
    const own = context();
    const call = handlers['duplicates.find'](
      { dataset, settings: { perceptualDistance: 4, embeddingDistance: 0 } },
      own,
    );
    calls[0].onProgress('half' as never);
    calls[0].finish('report');
    expect(await call).toBe('report');
    expect(own.seen).toEqual(['half']);
    expect(calls[0].method).toBe('duplicates.find');
    expect(done).toEqual(['duplicates.find']);
  });

  it('runs a projection once for two who ask for it, and tells the second where it is', async () => {
    const { handlers, calls, shared } = make();
    const [a, b] = [context(), context()];
    const first = handlers['projection.run'](run, a);
    calls[0].onProgress('p1' as never);
    const second = handlers['projection.run']({ ...run }, b);
    calls[0].onProgress('p2' as never);
    calls[0].finish('map');
    expect(await Promise.all([first, second])).toEqual(['map', 'map']);
    expect(calls).toHaveLength(1);
    expect(a.seen).toEqual(['p1', 'p2']);
    expect(b.seen).toEqual(['p1', 'p2']);
    await vi.waitFor(() => expect(shared.size).toBe(0));
  });

  it('goes on for one when the other cancels, and stops when both have', async () => {
    const { handlers, calls } = make();
    const [a, b] = [context(), context()];
    const first = Promise.resolve(handlers['projection.run'](run, a)).catch(isCancelled);
    const second = Promise.resolve(handlers['projection.run'](run, b)).catch(isCancelled);
    a.controller.abort();
    expect(await first).toBe(true);
    expect(calls[0].signal.aborted).toBe(false);
    b.controller.abort();
    expect(await second).toBe(true);
    expect(calls[0].signal.aborted).toBe(true);
  });

  it('starts anew for one who asks after the last has cancelled', () => {
    const { handlers, calls } = make();
    const [a, b] = [context(), context()];
    Promise.resolve(handlers['projection.run'](run, a)).catch(() => undefined);
    a.controller.abort();
    void handlers['projection.run'](run, b);
    expect(calls).toHaveLength(2);
    expect(calls[1].signal.aborted).toBe(false);
  });

  it('keeps the work of a page that is hidden until it is given up', async () => {
    const released: (() => void)[] = [];
    const { handlers, calls } = make((release) => {
      released.push(release);
      return true;
    });
    const [old, next] = [context(), context()];
    Promise.resolve(handlers['projection.run'](run, old)).catch(() => undefined);
    old.controller.abort();
    expect(calls[0].signal.aborted).toBe(false);
    const again = handlers['projection.run'](run, next);
    released.forEach((release) => release());
    expect(calls[0].signal.aborted).toBe(false);
    calls[0].finish('map');
    expect(await again).toBe('map');
    expect(calls).toHaveLength(1);
  });
});
