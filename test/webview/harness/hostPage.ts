/**
 * The window around a panel, as VS Code makes it: the panel is an iframe with a strict CSP; this page is its host. A test drives it
 * by `window.harness`.
 */
import { KindredError, type ErrorData, fromErrorData } from '../../../src/rpc/errors';
import { Rpc, type CallContext, type Envelope, type Handlers } from '../../../src/rpc/rpc';
import type { HostProtocol, PanelProtocol } from '../../../src/webview/protocol';
import type { VsCodeApi } from '../../../src/webview/shell/connection';
import { THEMES, type ThemeName } from './themes';
import { throughWire } from './wire';

export interface Harness {
  /** Every call of the panel, in order. */
  readonly calls: { readonly method: string; readonly params: unknown }[];
  /** The next calls of a method fail with these errors, one each. */
  readonly failures: Map<string, ErrorData[]>;
  /** Milliseconds that a method takes. */
  readonly delays: Map<string, number>;
  /** What the panel has kept. */
  state: unknown;
  theme(name: ThemeName): void;
  reduceMotion(reduce: boolean): void;
  /** Throws the panel's page away, as VS Code does with a hidden panel. */
  hide(): void;
  show(): void;
  /** Calls the panel. */
  call<K extends Extract<keyof PanelProtocol, string>>(method: K, params: PanelProtocol[K]['params']): Promise<unknown>;
}

/** What bootstrap.ts, inside the panel's page, asks of this page. */
export interface Surroundings {
  receive(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
  dress(document: Document): void;
}

/** What bootstrap.ts adds to the panel's window. */
export interface PanelWindow {
  /** What the CSP has refused. */
  violations: readonly string[];
  acquireVsCodeApi: () => VsCodeApi;
}

declare global {
  interface Window {
    harness: Harness;
    surroundings: Surroundings;
  }
}

const STATE_KEY = 'panel-state';

/** Starts the host with the given answers; the panel's page is shown at once. */
export function startHost(handlers: Handlers<HostProtocol>): void {
  let frame: HTMLIFrameElement | undefined;
  let rpc: Rpc<HostProtocol, PanelProtocol> | undefined;
  let receive: ((message: Envelope) => void) | undefined;
  const query = new URLSearchParams(window.location.search);
  let theme = (query.get('theme') ?? 'dark') as ThemeName;
  let reduceMotion = query.get('motion') !== 'full';

  const dress = (panel: Document): void => {
    for (const [name, value] of Object.entries(THEMES[theme].variables)) {
      panel.documentElement.style.setProperty(`--vscode-${name}`, value);
    }
    if (!theme.startsWith('high-contrast')) panel.documentElement.style.removeProperty('--vscode-contrastBorder');
    panel.body.className = THEMES[theme].bodyClass + (reduceMotion ? ' vscode-reduce-motion' : '');
  };
  const redress = (): void => {
    if (frame?.contentDocument?.body) dress(frame.contentDocument);
  };

  window.surroundings = {
    receive: (message) => receive?.(throughWire(message) as Envelope),
    getState: () => window.harness.state,
    setState: (state) => {
      window.harness.state = throughWire(state);
      sessionStorage.setItem(STATE_KEY, JSON.stringify(state));
    },
    dress,
  };
  window.harness = {
    calls: [],
    failures: new Map(),
    delays: new Map(),
    state: JSON.parse(sessionStorage.getItem(STATE_KEY) ?? query.get('state') ?? 'null') ?? undefined,
    theme: (name) => {
      theme = name;
      redress();
    },
    reduceMotion: (reduce) => {
      reduceMotion = reduce;
      redress();
    },
    hide: () => {
      rpc?.close(new KindredError('disconnected', 'The panel is hidden.'));
      frame?.remove();
      frame = undefined;
    },
    show: () => {
      frame = document.createElement('iframe');
      frame.title = 'Panel';
      const panel = frame;
      rpc = new Rpc<HostProtocol, PanelProtocol>(
        {
          post: (message) => panel.contentWindow?.postMessage(throughWire(message), '*'),
          listen: (listener) => (receive = listener),
        },
        recorded(handlers),
      );
      frame.src = `/panel.html`;
      document.body.append(frame);
    },
    call: (method, params) => rpc?.call(method, params) ?? Promise.reject(new Error('No panel.')),
  };
  window.harness.show();
}

/** Notes every call, and makes it late or fail when the test wants that. */
function recorded(handlers: Handlers<HostProtocol>): Handlers<HostProtocol> {
  type Handler = (params: unknown, context: CallContext<unknown>) => unknown;
  const wrapped = Object.entries(handlers as unknown as Record<string, Handler>).map(([method, handler]) => [
    method,
    async (params: unknown, context: CallContext<unknown>) => {
      const { calls, failures, delays } = window.harness;
      calls.push({ method, params });
      const delay = delays.get(method);
      if (delay !== undefined) await new Promise((resolve) => setTimeout(resolve, delay));
      const failure = failures.get(method)?.shift();
      if (failure) throw fromErrorData(failure);
      return handler(params, context);
    },
  ]);
  return Object.fromEntries(wrapped) as Handlers<HostProtocol>;
}
