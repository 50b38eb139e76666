import { chromium, type Browser, type Frame, type Page } from 'playwright-core';
import type { ErrorData } from '../../../src/rpc/errors';
import { CHROMIUM_FLAGS, findChromium } from '../../../scripts/lib/chromium.mjs';
import { startServer, type ServerOptions } from './server';
import type { ThemeName } from './themes';
import type { PanelWindow } from './hostPage';

export interface PanelOptions {
  readonly width?: number;
  readonly height?: number;
  readonly theme?: ThemeName;
  /** Animations are off unless this is set. */
  readonly motion?: boolean;
  /** What the panel had kept before. */
  readonly state?: unknown;
  /** More for the host, in its address. */
  readonly query?: Readonly<Record<string, string>>;
}

/** An opened panel. `page` is the window, `frame` the panel's own page. */
export class PanelUnderTest {
  /** Messages of the console and exceptions that must not be. */
  readonly complaints: string[] = [];

  constructor(readonly page: Page) {
    page.on('console', (message) => {
      if (message.type() === 'error' || message.text().includes('Content Security Policy')) {
        this.complaints.push(message.text());
      }
    });
    page.on('pageerror', (error) => this.complaints.push(String(error.stack ?? error)));
  }

  get frame(): Frame {
    const frame = this.page.frames().find((candidate) => candidate.url().endsWith('/panel.html'));
    if (!frame) throw new Error('The panel has no page.');
    return frame;
  }

  /** Waits until the panel's page is there: after it was opened, shown, or the window was reloaded. */
  async arrived(): Promise<void> {
    const handle = await this.page.waitForSelector('iframe');
    const frame = await handle.contentFrame();
    await frame?.waitForURL('**/panel.html');
    await frame?.waitForLoadState();
  }

  /** Methods that the panel has called, with their parameters. */
  calls(method: string): Promise<unknown[]> {
    return this.page.evaluate(
      (wanted) => window.harness.calls.filter((call) => call.method === wanted).map(({ params }) => params),
      method,
    );
  }

  /** The next call of a method fails. */
  async fail(method: string, error: ErrorData): Promise<void> {
    await this.page.evaluate(
      ([name, data]) => void window.harness.failures.set(name, [...(window.harness.failures.get(name) ?? []), data]),
      [method, error] as const,
    );
  }

  async delay(method: string, milliseconds: number): Promise<void> {
    await this.page.evaluate(([name, ms]) => void window.harness.delays.set(name, ms), [method, milliseconds] as const);
  }

  state(): Promise<Record<string, unknown>> {
    return this.page.evaluate(() => window.harness.state as Record<string, unknown>);
  }

  async theme(name: ThemeName): Promise<void> {
    await this.page.evaluate((wanted) => window.harness.theme(wanted), name);
  }

  /** Hides the panel and shows it again: its page is made anew. */
  async hideAndShow(): Promise<void> {
    await this.page.evaluate(() => window.harness.hide());
    await this.page.evaluate(() => window.harness.show());
    await this.arrived();
  }

  /** What the CSP has refused since the page was made. */
  violations(): Promise<string[]> {
    return this.frame.evaluate(() => [...(window as unknown as PanelWindow).violations]);
  }
}

export interface PanelHarness {
  open(options?: PanelOptions): Promise<PanelUnderTest>;
  close(): Promise<void>;
}

/** Builds a panel, serves it, and starts a browser for it. */
export async function startHarness(options: ServerOptions): Promise<PanelHarness> {
  const server = await startServer(options);
  const executablePath = await findChromium();
  const browser: Browser = await chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: CHROMIUM_FLAGS,
  });
  return {
    open: async ({ width = 1200, height = 800, theme = 'dark', motion = false, state, query = {} } = {}) => {
      const page = await browser.newPage({ viewport: { width, height } });
      const panel = new PanelUnderTest(page);
      const address = new URLSearchParams({ ...query, theme, motion: motion ? 'full' : 'reduced' });
      if (state !== undefined) address.set('state', JSON.stringify(state));
      await page.goto(`${server.origin}/?${address.toString()}`);
      await panel.arrived();
      return panel;
    },
    close: async () => {
      await browser.close();
      await server.close();
    },
  };
}
