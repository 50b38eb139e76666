import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { CrashGuard } from '../../../src/extension/client/crashGuard';
import { TrainerClient, type TrainerCrash } from '../../../src/extension/client/trainerClient';

const entry = path.join(import.meta.dirname, 'fixtures/trainer.cjs');
const dataset = { root: '/data' };

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 500 && !holds(); i++) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(holds()).toBe(true);
}

describe('TrainerClient', () => {
  const clients: TrainerClient[] = [];
  let crashes: TrainerCrash[] = [];
  let lines: string[] = [];

  function make(env: Record<string, string> = {}, extra: { startTimeout?: number; guard?: CrashGuard } = {}) {
    crashes = [];
    lines = [];
    const { guard, ...launch } = extra;
    const client = new TrainerClient({
      launch: () => ({ entry, env, onLine: (line) => lines.push(line), ...launch }),
      onCrash: (crash) => crashes.push(crash),
      ...(guard === undefined ? {} : { guard }),
    });
    clients.push(client);
    return client;
  }

  afterEach(() => Promise.all(clients.splice(0).map((client) => client.dispose())));

  it('starts with the first call, carries typed arrays, and reads the log by lines', async () => {
    const client = make();
    expect(client.pid).toBeUndefined();
    const columns: unknown = await client.call('dataset.columns', { dataset });
    expect(columns).toEqual({ codes: new Int32Array([1, 2, 3]), pid: client.pid });
    await until(() => lines.length === 2);
    expect(lines).toEqual(['first line', 'half a line']);
  });

  it('passes progress and cancellation, and ends only when the trainer has answered', async () => {
    const client = make();
    const controller = new AbortController();
    const call = client.call(
      'dataset.open',
      { ref: dataset },
      { signal: controller.signal, onProgress: () => controller.abort() },
    );
    await expect(call).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('fails what a crash cuts off, says so once, and starts again with the next call', async () => {
    const client = make();
    await client.call('dataset.columns', { dataset });
    const first = client.pid;
    const lost = [client.call('dataset.open', { ref: dataset }), client.call('apply.run', { dataset })];
    const outcomes = await Promise.allSettled(lost);
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'disconnected' } });
    }
    expect(crashes).toEqual([
      { exit: { code: 7, signal: null }, interrupted: ['dataset.open', 'apply.run'], givenUp: false },
    ]);
    await client.call('dataset.columns', { dataset });
    expect(client.pid).not.toBe(first);
  });

  it('gives up after three crashes in a minute, and tries again when the minute is over', async () => {
    let now = 0;
    const client = make({}, { guard: new CrashGuard(3, 60_000, () => now) });
    for (let i = 0; i < 3; i++) {
      await expect(client.call('apply.run', { dataset })).rejects.toMatchObject({ code: 'disconnected' });
    }
    expect(crashes.map((crash) => crash.givenUp)).toEqual([false, false, true]);
    await expect(client.call('dataset.columns', { dataset })).rejects.toMatchObject({ code: 'engine' });
    expect(crashes).toHaveLength(3);
    now = 60_001;
    await expect(client.call('dataset.columns', { dataset })).resolves.toBeDefined();
  });

  it('says why a start failed', async () => {
    const client = make({ FIXTURE: 'dies at once' });
    const call = client.call('dataset.columns', { dataset });
    await expect(call).rejects.toMatchObject({ code: 'disconnected' });
    await until(() => crashes.length === 1);
    expect(crashes[0]).toMatchObject({ exit: { code: 3 }, interrupted: ['dataset.columns'] });
    expect(lines).toContain('cannot load the engine');
  });

  it('ends a start that hangs', async () => {
    const client = make({ FIXTURE: 'says nothing' }, { startTimeout: 300 });
    const call = client.call('dataset.columns', { dataset });
    const pid = client.pid!;
    await expect(call).rejects.toMatchObject({ code: 'disconnected' });
    await until(() => !alive(pid));
    expect(crashes).toHaveLength(1);
  });

  it('lets work finish before it starts anew with other settings', async () => {
    const env: Record<string, string> = {};
    const client = make(env);
    const controller = new AbortController();
    let begun = false;
    const long = client.call(
      'dataset.open',
      { ref: dataset },
      { signal: controller.signal, onProgress: () => (begun = true) },
    );
    await until(() => begun);
    const first = client.pid!;
    env['KINDRED_THREADS'] = '3';
    client.recycle();
    expect(await client.call('dataset.items', { dataset, items: [] })).toBe('3');
    expect(alive(first)).toBe(true);
    controller.abort();
    await expect(long).rejects.toMatchObject({ code: 'cancelled' });
    await until(() => !alive(first));
    expect(crashes).toEqual([]);
  });

  it('takes the trainer with it when it is disposed', async () => {
    const client = make();
    const open = client.call('dataset.open', { ref: dataset }, { onProgress: () => undefined });
    open.catch(() => undefined);
    await client.call('dataset.columns', { dataset });
    const pid = client.pid!;
    await client.dispose();
    await expect(open).rejects.toMatchObject({ code: 'disconnected' });
    expect(alive(pid)).toBe(false);
    expect(crashes).toEqual([]);
    await expect(client.call('dataset.columns', { dataset })).rejects.toMatchObject({ code: 'disconnected' });
  });
});
