import type { Envelope } from '../../rpc/rpc';

const KINDS: ReadonlySet<unknown> = new Set(['request', 'cancel', 'progress', 'result', 'error']);

/**
 * Whether a message that came over a process or webview border is one of the RPC's. Fields that were `undefined` may have got
 * lost on the way (VS Code sends webview messages as JSON), so only what the receiver relies on is checked.
 */
export function isEnvelope(message: unknown): message is Envelope {
  if (typeof message !== 'object' || message === null) return false;
  const { kind, id, method, error } = message as Record<'kind' | 'id' | 'method' | 'error', unknown>;
  if (!KINDS.has(kind) || !Number.isSafeInteger(id)) return false;
  if (kind === 'request') return typeof method === 'string';
  return kind !== 'error' || isErrorData(error);
}

function isErrorData(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { code, message } = error as Record<'code' | 'message', unknown>;
  return typeof code === 'string' && typeof message === 'string';
}
