import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type Browser, type FrameLocator, type Locator, type Page } from 'playwright-core';
import { CHROMIUM_FLAGS, findChromium } from '../../scripts/lib/chromium.mjs';
import { ensureVSCodeServer, startVSCodeServer, type VSCodeServer } from '../../scripts/lib/vscodeServer.mjs';

export const repository = path.resolve(import.meta.dirname, '../..');

export interface WindowOptions {
  readonly workspace: string;
  /** Absolute path of a bundle that exports `run()`, called in the extension host. */
  readonly tests?: string;
  /** Folder of installed extensions, instead of Kindred from this folder under development. */
  readonly extensionsDir?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** A real VS Code in a real Chromium, used as a person would: with the keyboard and the mouse. */
export class VSCodeWindow {
  private constructor(
    readonly page: Page,
    private readonly browser: Browser,
    private readonly server: VSCodeServer,
    private readonly dataDir: string,
    private readonly url: string,
  ) {}

  static async open(options: WindowOptions): Promise<VSCodeWindow> {
    await ensureVSCodeServer();
    const dataDir = await mkdtemp(path.join(tmpdir(), 'kindred-vscode-'));
    const { extensionsDir, workspace, tests, settings = {} } = options;
    const server = await startVSCodeServer({
      dataDir,
      settings,
      ...(extensionsDir === undefined ? {} : { extensionsDir }),
    });
    const executablePath = await findChromium();
    const browser = await chromium.launch({
      args: CHROMIUM_FLAGS,
      ...(executablePath === undefined ? {} : { executablePath }),
    });
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    // A window, a trainer and a software-rendered browser share what processors there are with whatever else runs.
    page.setDefaultTimeout(90_000);
    const url = server.url({
      folder: workspace,
      ...(extensionsDir === undefined ? { extension: repository } : {}),
      ...(tests === undefined ? {} : { tests }),
    });
    return new VSCodeWindow(page, browser, server, dataDir, url);
  }

  async load(): Promise<void> {
    await this.page.goto(this.url, { waitUntil: 'load' });
    await this.page.waitForSelector('.monaco-workbench .part.editor', { timeout: 60_000 });
  }

  /** Waits until the extension is known to the window: its icon stands in the activity bar. */
  async kindred(): Promise<void> {
    await this.page.locator('.activitybar a[aria-label^="Kindred"]').waitFor({ timeout: 60_000 });
  }

  /** As a person reloads it: what the panels have saved is written first. */
  async reload(): Promise<void> {
    await this.page.evaluate(() => document.body.setAttribute('data-before', 'reload'));
    await this.command('Developer: Reload Window');
    await this.page.locator('body:not([data-before]) .monaco-workbench .part.editor').waitFor({ timeout: 60_000 });
    await this.kindred();
  }

  /**
   * Loads the window with `tests` and waits for its end. The workbench reports what the extension host prints, and then the
   * exit code, through two functions that it looks for on the page.
   */
  async runTests(): Promise<{ readonly code: number; readonly output: string }> {
    const lines: string[] = [];
    let end: (code: number) => void = () => undefined;
    const code = new Promise<number>((resolve) => (end = resolve));
    await this.page.exposeFunction('codeAutomationLog', (_type: string, args: unknown[]) => lines.push(args.join(' ')));
    await this.page.exposeFunction('codeAutomationExit', (exitCode: number) => end(exitCode));
    await this.load();
    return { code: await code, output: lines.join('\n') };
  }

  /** Opens the command palette and runs the command with this title. */
  async command(title: string): Promise<void> {
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
    // A key is lost while the last palette fades away, and a panel that takes the focus closes the new one: then again.
    for (let tries = 1; ; tries++) {
      try {
        await this.openPalette();
        await this.page.locator('.quick-input-widget input.input').fill(`>${title}`, { timeout: 5000 });
        await this.offered(title).click({ timeout: 5000 });
        return;
      } catch (error) {
        if (tries === 5) throw error;
      }
    }
  }

  private async openPalette(): Promise<void> {
    const input = this.page.locator('.quick-input-widget input.input');
    for (let tries = 0; tries < 10 && !(await input.isVisible()); tries++) {
      await this.page.keyboard.press('F1');
      await this.page.waitForTimeout(500);
    }
  }

  /** Takes the answer that holds `text` of the question that is asked now. */
  async choose(text: string): Promise<void> {
    await this.offered(text).click();
  }

  /** A command, and the answer to its question; asked again when another part of the window took the focus, which closes the question. */
  async commandAndAnswer(title: string, text: string): Promise<void> {
    for (let tries = 1; ; tries++) {
      await this.command(title);
      try {
        await this.offered(text).click({ timeout: 5000 });
        return;
      } catch (error) {
        if (tries === 4) throw error;
      }
    }
  }

  /** The answer that holds `text`. */
  offered(text: string): Locator {
    return this.page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first();
  }

  /** Presses a button of the modal dialog that is open. */
  async answer(button: string): Promise<void> {
    await this.page.locator('.monaco-dialog-box .monaco-button', { hasText: button }).first().click();
  }

  tab(name: string | RegExp): Locator {
    return this.page.locator('.tabs-container .tab', { hasText: name });
  }

  /** The document of the panel that is shown now. A webview's document sits two frames deep. */
  panel(): FrameLocator {
    return this.page.locator('iframe.webview.ready:visible').last().contentFrame().frameLocator('iframe#active-frame');
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.server.stop();
    await rm(this.dataDir, { recursive: true, force: true });
  }
}
