import { describe, expect, it } from 'vitest';
import { PageChannel } from '../../../src/extension/panels/pageChannel';
import type { Handlers } from '../../../src/rpc/rpc';
import type { HostProtocol, PanelSubject } from '../../../src/webview/protocol';

const subject: PanelSubject = { view: 'explore', dataset: { root: '/data' }, model: 'descriptor' };

function tick(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5));
}

function make() {
  const sent: { kind: string; id: number; result?: unknown }[] = [];
  const signals: AbortSignal[] = [];
  const finish: ((value: never) => void)[] = [];
  const handlers = {
    'panel.subject': () => subject,
    'projection.run': (_: unknown, context: { signal: AbortSignal }) => {
      signals.push(context.signal);
      return new Promise((resolve) => finish.push(resolve));
    },
  } as unknown as Handlers<HostProtocol>;
  const channel = new PageChannel((message) => sent.push(message as (typeof sent)[number]), handlers);
  const request = (id: number, method: string): void => channel.receive({ kind: 'request', id, method, params: null });
  return { channel, sent, signals, finish, request };
}

describe('PageChannel', () => {
  it('hears nothing before a page has made itself known', async () => {
    const { sent, request, channel } = make();
    request(1, 'projection.run');
    await tick();
    expect(sent).toEqual([]);
    expect(channel.page).toBeUndefined();
    request(1, 'panel.subject');
    await tick();
    expect(sent).toEqual([{ kind: 'result', id: 1, result: subject }]);
  });

  it('never answers a new page what an old one asked', async () => {
    const { sent, signals, finish, request } = make();
    request(1, 'panel.subject');
    request(2, 'projection.run');
    await tick();
    request(1, 'panel.subject');
    request(2, 'projection.run');
    expect(signals[0].aborted).toBe(true);
    expect(signals[1].aborted).toBe(false);
    finish[0]('old' as never);
    finish[1]('new' as never);
    await tick();
    expect(sent.filter((message) => message.id === 2)).toEqual([{ kind: 'result', id: 2, result: 'new' }]);
  });

  it('fails what was asked of a page that is gone', async () => {
    const { channel, request } = make();
    request(1, 'panel.subject');
    const call = channel.page!.call('panel.refresh', { what: 'runs' });
    channel.end();
    await expect(call).rejects.toMatchObject({ code: 'disconnected' });
    expect(channel.page).toBeUndefined();
  });

  it('ignores what is no envelope', () => {
    const { channel } = make();
    for (const message of [null, 'x', { kind: 'request' }, { kind: 'request', id: 'a', method: 'panel.subject' }]) {
      expect(() => channel.receive(message)).not.toThrow();
    }
    expect(channel.page).toBeUndefined();
  });
});
