import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';
import { panelHtml } from '../../../src/extension/panels/html';

export const REPOSITORY = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');

export interface Answer {
  readonly type: string;
  readonly body: string | Uint8Array;
}

export interface ServerOptions {
  readonly view: 'explore' | 'review' | 'suspects' | 'training';
  /** TypeScript file that calls `startHost`, relative to the repository. */
  readonly host: string;
  /** Answers what the host asks for beside the harness's own files: data, pictures. */
  readonly data?: (url: URL) => Promise<Answer | undefined>;
}

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.ttf': 'font/ttf',
  '.html': 'text/html; charset=utf-8',
};

const NONCE = 'dGVzdC1ub25jZS1mb3ItdGVzdHM=';

/** Serves a panel, built from its sources, in the extension's own page with its own CSP, and the page of its host. */
export async function startServer(options: ServerOptions): Promise<{ origin: string; close(): Promise<void> }> {
  const files = await bundle(options);
  const server = createServer((request, response) => {
    void answer(request, files, options, origin(server)).then(
      ({ type, body }) => response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store' }).end(body),
      (error: unknown) => response.writeHead(404).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: origin(server),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function origin(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The panel and its host as the browser gets them, by file name. */
async function bundle({ view, host }: ServerOptions): Promise<Map<string, Uint8Array>> {
  const common = { absWorkingDir: REPOSITORY, bundle: true, write: false, outdir: 'out', target: 'chrome114' } as const;
  const built = await Promise.all([
    esbuild.build({
      ...common,
      format: 'iife',
      entryPoints: { [view]: `src/webview/${view}/main.ts`, bootstrap: 'test/webview/harness/bootstrap.ts' },
    }),
    esbuild.build({ ...common, format: 'esm', entryPoints: { host } }),
  ]);
  const files = built.flatMap(({ outputFiles }) => outputFiles);
  return new Map(files.map((file) => [path.basename(file.path), file.contents]));
}

async function answer(
  request: IncomingMessage,
  files: ReadonlyMap<string, Uint8Array>,
  options: ServerOptions,
  home: string,
): Promise<Answer> {
  const url = new URL(request.url ?? '/', home);
  const name = path.basename(url.pathname);
  const type = TYPES[path.extname(name)] ?? 'application/octet-stream';
  if (url.pathname === '/') return { type: TYPES['.html'], body: hostHtml() };
  if (url.pathname === '/favicon.ico') return { type: 'image/x-icon', body: '' };
  if (url.pathname === '/panel.html') return { type, body: page(options.view, home) };
  const built = files.get(name);
  if (built) return { type, body: built };
  if (url.pathname.startsWith('/codicons/')) {
    return { type, body: await readFile(path.join(REPOSITORY, 'node_modules/@vscode/codicons/dist', name)) };
  }
  const data = await options.data?.(url);
  if (!data) throw new Error(`There is no ${url.pathname}.`);
  return data;
}

/** The extension's page, with VS Code's part before the panel's script. */
function page(view: ServerOptions['view'], home: string): string {
  const html = panelHtml({
    view,
    title: 'Panel under test',
    language: 'en',
    cspSource: home,
    resource: (file) => `${home}/${file}`,
    loading: 'Loading…',
    nonce: NONCE,
  });
  return html.replace('<script ', `<script nonce="${NONCE}" src="/bootstrap.js"></script>\n<script `);
}

function hostHtml(): string {
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Host</title>
<style>html,body,iframe{margin:0;border:0;width:100%;height:100%;display:block;overflow:hidden}</style></head>
<body><script type="module" src="/host.js"></script></body></html>`;
}
