import { KindredError } from '../../rpc/errors';
import { Rpc, type Envelope, type Handlers } from '../../rpc/rpc';
import type { HostProtocol, PanelProtocol } from '../../webview/protocol';
import { isEnvelope } from '../client/envelope';
import { portable } from './portable';

export type PageRpc = Rpc<HostProtocol, PanelProtocol>;

/**
 * The RPC with the page that a webview shows now. A panel that was hidden comes back as a new page that counts its calls from
 * one again, so an answer to the old page must never reach the new one: every page starts with `panel.subject`, and that
 * message begins a new `Rpc` here.
 */
export class PageChannel {
  private rpc: PageRpc | undefined;
  private listener: ((message: Envelope) => void) | undefined;

  constructor(
    private readonly send: (message: unknown) => void,
    private readonly handlers: Handlers<HostProtocol>,
    private readonly onPage: (page: PageRpc) => void = () => undefined,
  ) {}

  /** The page, once it has made itself known. */
  get page(): PageRpc | undefined {
    return this.rpc;
  }

  receive(message: unknown): void {
    if (!isEnvelope(message)) return;
    const greeting = message.kind === 'request' && message.method === 'panel.subject';
    if (greeting) this.begin();
    this.listener?.(message);
    if (greeting && this.rpc) this.onPage(this.rpc);
  }

  /** The page is gone: what it asked for is aborted, what was asked of it fails. */
  end(): void {
    const rpc = this.rpc;
    this.rpc = undefined;
    this.listener = undefined;
    rpc?.close(new KindredError('disconnected', 'The panel is hidden or closed.'));
  }

  private begin(): void {
    this.end();
    this.rpc = new Rpc<HostProtocol, PanelProtocol>(
      {
        post: (message) => this.send(portable(message)),
        listen: (listener) => (this.listener = listener),
      },
      this.handlers,
    );
  }
}
