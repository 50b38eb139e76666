import { randomBytes } from 'node:crypto';
import type { PanelView } from './subject';

export interface PanelPage {
  readonly view: PanelView;
  readonly title: string;
  /** BCP 47, of VS Code's display language. */
  readonly language: string;
  /** `webview.cspSource`. */
  readonly cspSource: string;
  /** From a file name in dist/webview to the address that the webview loads. */
  readonly resource: (file: string) => string;
  /** Said to a person whose webview runs no scripts, and to screen readers until the panel has drawn itself. */
  readonly loading: string;
  readonly nonce?: string;
}

/** 128 random bits, from the system's generator. */
export function makeNonce(): string {
  return randomBytes(16).toString('base64');
}

/** Nothing is allowed but the panel's own script (by nonce), styles and fonts from its folder, and pictures made in memory. */
export function contentSecurityPolicy(cspSource: string, nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${cspSource}`,
    `font-src ${cspSource}`,
    `img-src ${cspSource} blob: data:`,
    'worker-src blob:',
  ].join('; ');
}

/** The whole document of a panel: an empty `#app` that its script fills. */
export function panelHtml(page: PanelPage): string {
  const nonce = page.nonce ?? makeNonce();
  const text = {
    csp: escapeHtml(contentSecurityPolicy(page.cspSource, nonce)),
    title: escapeHtml(page.title),
    codicons: escapeHtml(page.resource('codicons/codicon.css')),
    style: escapeHtml(page.resource(`${page.view}.css`)),
    script: escapeHtml(page.resource(`${page.view}.js`)),
  };
  return `<!DOCTYPE html>
<html lang="${escapeHtml(page.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${text.csp}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${text.codicons}">
<link rel="stylesheet" href="${text.style}">
<title>${text.title}</title>
</head>
<body data-view="${page.view}">
<div id="app" role="main" aria-label="${text.title}" aria-busy="true"><p>${escapeHtml(page.loading)}</p></div>
<script nonce="${nonce}" src="${text.script}"></script>
</body>
</html>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
