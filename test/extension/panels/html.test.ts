import { describe, expect, it } from 'vitest';
import { contentSecurityPolicy, makeNonce, panelHtml } from '../../../src/extension/panels/html';

const page = {
  view: 'explore',
  title: 'Map: <b>"cats" & dogs</b>',
  language: 'en',
  cspSource: 'https://*.vscode-cdn.net',
  resource: (file: string) => `https://host/dist/webview/${file}`,
  loading: 'Loading...',
} as const;

describe('panelHtml', () => {
  it('allows nothing but its own script by nonce, styles, fonts and pictures in memory', () => {
    const directives = contentSecurityPolicy('SOURCE', 'N').split('; ');
    expect(directives).toContain("default-src 'none'");
    expect(directives).toContain("script-src 'nonce-N'");
    expect(directives).toContain('img-src SOURCE blob: data:');
    expect(directives).toContain('worker-src blob:');
    expect(directives.join(' ')).not.toMatch(/unsafe|\*|https:|connect-src|frame-src/);
  });

  it('has nothing inline, and one script with the nonce of its policy', () => {
    const html = panelHtml({ ...page, nonce: 'abc' });
    const scripts = html.match(/<script[^>]*>[^<]*<\/script>/g);
    expect(scripts).toEqual(['<script nonce="abc" src="https://host/dist/webview/explore.js"></script>']);
    expect(html).not.toMatch(/<style|style=|\son[a-z]+=/);
    expect(html).toContain('nonce-abc');
    expect(html).toContain('https://host/dist/webview/explore.css');
    expect(html).toContain('https://host/dist/webview/codicons/codicon.css');
    expect(html).toMatch(/<html lang="en">/);
    expect(html).toMatch(/<div id="app" [^>]*aria-label=/);
  });

  it('escapes what a person named', () => {
    const html = panelHtml(page);
    expect(html).not.toContain('<b>');
    expect(html).toContain('&#60;b&#62;&#34;cats&#34; &#38; dogs');
  });

  it('makes a new nonce of 128 bits for every page', () => {
    const nonces = new Set(Array.from({ length: 100 }, makeNonce));
    expect(nonces.size).toBe(100);
    for (const nonce of nonces) expect(Buffer.from(nonce, 'base64')).toHaveLength(16);
  });
});
