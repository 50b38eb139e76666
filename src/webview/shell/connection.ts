import { Rpc, type Envelope, type Handlers, type Port } from '../../rpc/rpc';
import { isCancelled } from '../../rpc/errors';
import type { HostProtocol, PanelProtocol } from '../protocol';

/** What VS Code gives a panel, once. */
export interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

export type Host = Rpc<PanelProtocol, HostProtocol>;

/** What a panel answers to the host; what it leaves out is taken and does nothing. */
export type PanelHandlers = Partial<Handlers<PanelProtocol>>;

export interface Connection {
  readonly host: Host;
  readonly api: VsCodeApi;
}

const ignored = (): null => null;

/**
 * Connects the panel to its host. Call it once, first of all. A hidden panel is thrown away and receives nothing, so every panel
 * starts by asking the host: `host.call('panel.subject', null)` is the handshake, and only then does the host have
 * something to say.
 */
export function connect(handlers: PanelHandlers = {}): Connection {
  const api = acquireVsCodeApi();
  const host: Host = new Rpc<PanelProtocol, HostProtocol>(portOf(api), {
    'panel.refresh': handlers['panel.refresh'] ?? ignored,
    'panel.select': handlers['panel.select'] ?? ignored,
    'panel.show': handlers['panel.show'] ?? ignored,
    'training.progress': handlers['training.progress'] ?? ignored,
  });
  logDefects(host);
  return { host, api };
}

function portOf(api: VsCodeApi): Port {
  return {
    post: (message) => api.postMessage(message),
    listen: (listener) => window.addEventListener('message', (event) => listener(event.data as Envelope)),
  };
}

/** A defect in a panel must not vanish with it: it goes to Kindred's log. */
function logDefects(host: Host): void {
  const log = (error: unknown): void => {
    if (isCancelled(error)) return;
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    host.call('panel.log', { level: 'error', message }).catch(() => undefined);
  };
  window.addEventListener('error', (event) => log(event.error ?? event.message));
  window.addEventListener('unhandledrejection', (event) => log(event.reason));
}
