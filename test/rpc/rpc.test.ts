import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { KindredError, throwIfCancelled } from '../../src/rpc/errors';
import { Rpc, type Envelope, type Handlers, type NoMethods, type Port } from '../../src/rpc/rpc';

interface Sums {
  add: { params: readonly number[]; progress: never; result: number };
  double: { params: Float32Array; progress: never; result: Float32Array };
  count: { params: number; progress: number; result: string };
  fail: { params: null; progress: never; result: null };
  crash: { params: null; progress: never; result: null };
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 2));
const ended: string[] = [];

const sums: Handlers<Sums> = {
  add: (numbers) => numbers.reduce((sum, value) => sum + value, 0),
  double: (values) => values.map((value) => 2 * value),
  count: async (to, { report, signal }) => {
    try {
      for (let i = 1; i <= to; i++) {
        await pause();
        throwIfCancelled(signal);
        report(i);
      }
    } finally {
      ended.push('count');
    }
    return 'done';
  },
  fail: () => {
    throw new KindredError('bad-input', 'cat.png is empty.', { remedy: 'Remove it.', path: 'cat.png' });
  },
  crash: () => {
    throw new TypeError('x is not a function');
  },
};

function portOf(port: MessagePort, wire: Envelope[] = []): Port {
  return {
    post: (message) => port.postMessage(message),
    listen: (listener) =>
      port.on('message', (message: Envelope) => {
        wire.push(message);
        listener(message);
      }),
  };
}

const channels: MessageChannel[] = [];
function connect(): { client: Rpc<NoMethods, Sums>; server: Rpc<Sums, NoMethods>; wire: Envelope[] } {
  const channel = new MessageChannel();
  channels.push(channel);
  const wire: Envelope[] = [];
  return {
    server: new Rpc<Sums, NoMethods>(portOf(channel.port2), sums),
    client: new Rpc<NoMethods, Sums>(portOf(channel.port1, wire), {}),
    wire,
  };
}
afterEach(() => {
  for (const channel of channels.splice(0)) channel.port1.close();
  ended.length = 0;
});

describe('Rpc', () => {
  it('answers many calls at once, each with its own result', async () => {
    const { client } = connect();
    const results = await Promise.all([
      client.call('add', [1, 2]),
      client.call('add', [3, 4]),
      client.call('count', 1),
    ]);
    expect(results).toEqual([3, 7, 'done']);
  });

  it('carries typed arrays intact', async () => {
    const { client } = connect();
    expect(await client.call('double', Float32Array.of(1.5, -2))).toEqual(Float32Array.of(3, -4));
  });

  it('reports progress in order and never after the reply', async () => {
    const { client, wire } = connect();
    const seen: number[] = [];
    await client.call('count', 4, { onProgress: (progress) => seen.push(progress) });
    await pause();
    expect(seen).toEqual([1, 2, 3, 4]);
    expect(wire.at(-1)?.kind).toBe('result');
  });

  it('keeps code, remedy and path of an error', async () => {
    const { client } = connect();
    await expect(client.call('fail', null)).rejects.toMatchObject({
      code: 'bad-input',
      message: 'cat.png is empty.',
      advice: 'cat.png is empty. Remove it.',
      path: 'cat.png',
    });
  });

  it('replies to a defect with code internal', async () => {
    const { client } = connect();
    await expect(client.call('crash', null)).rejects.toMatchObject({
      code: 'internal',
      message: 'x is not a function',
    });
  });

  it('replies to a method that nobody serves, inherited names too', async () => {
    const { client } = connect();
    const stranger = client as unknown as Rpc<NoMethods, { toString: { params: null; progress: never; result: null } }>;
    await expect(stranger.call('toString', null)).rejects.toMatchObject({ code: 'invalid-argument' });
  });

  it('says cancelled only when the work has stopped', async () => {
    const { client } = connect();
    const stop = new AbortController();
    const call = client.call('count', 1e6, { signal: stop.signal, onProgress: (n) => n === 3 && stop.abort() });
    await expect(call).rejects.toMatchObject({ code: 'cancelled' });
    expect(ended).toEqual(['count']);
  });

  it('does not send a call that is cancelled before it starts', async () => {
    const { client } = connect();
    await expect(client.call('add', [1], { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('fails open calls and aborts served ones when it is closed', async () => {
    const { client, server } = connect();
    const call = client.call('count', 1e6);
    await pause();
    client.close(new KindredError('disconnected', 'The trainer is gone.'));
    await expect(call).rejects.toMatchObject({ code: 'disconnected' });
    await expect(client.call('add', [])).rejects.toMatchObject({ code: 'disconnected' });
    server.close(new KindredError('disconnected', 'The window is gone.'));
    await expect.poll(() => ended).toEqual(['count']);
  });
});
