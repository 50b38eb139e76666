import { fromErrorData, type ErrorData } from '../../../src/rpc/errors';
import type { Handlers } from '../../../src/rpc/rpc';
import { RELAYED_METHODS, type HostProtocol, type PanelSubject } from '../../../src/webview/protocol';
import { startHost } from '../harness/hostPage';
import { standIns } from '../harness/standIns';

async function call(method: string, params: unknown): Promise<unknown> {
  const query = new URLSearchParams({ method, params: JSON.stringify(params) });
  const answer = (await (await fetch(`/call?${query.toString()}`)).json()) as { result?: unknown; error?: ErrorData };
  if (answer.error) throw fromErrorData(answer.error);
  return method === 'dataset.thumbnails' ? (answer.result as (string | null)[]).map(decode) : answer.result;
}

function decode(base64: string | null): Uint8Array | undefined {
  return base64 === null ? undefined : Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

const relayed = Object.fromEntries(
  RELAYED_METHODS.map((method) => [method, (params: unknown) => call(method, params)]),
) as unknown as Handlers<HostProtocol>;

/** A panel's host in front of trainerBackend.ts: relays every call by HTTP. */
export function startRelayedHost(subject: PanelSubject): void {
  startHost({ ...standIns, ...relayed, 'panel.subject': () => subject });
}
