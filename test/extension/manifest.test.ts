import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');

interface Manifest {
  readonly icon: string;
  readonly l10n: string;
  readonly keywords: readonly string[];
  readonly capabilities: { readonly untrustedWorkspaces: { readonly restrictedConfigurations: readonly string[] } };
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly category: string; readonly icon?: string }[];
    readonly menus: Readonly<Record<string, readonly { readonly command: string }[]>>;
    readonly keybindings: readonly { readonly command: string; readonly when?: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, Readonly<Record<string, unknown>>>> };
    readonly walkthroughs: readonly { readonly steps: readonly { readonly media: { readonly svg: string } }[] }[];
  };
}

async function json<T>(file: string): Promise<T> {
  return JSON.parse(await readFile(path.join(root, file), 'utf8')) as T;
}

async function sources(): Promise<string[]> {
  const entries = await readdir(path.join(root, 'src/extension'), { recursive: true });
  const files = entries.filter((entry) => entry.endsWith('.ts'));
  return Promise.all(files.map((entry) => readFile(path.join(root, 'src/extension', entry), 'utf8')));
}

/** The first arguments of all calls of `t`, which are literals. */
function texts(source: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.getText() === 't') {
      const [first] = node.arguments;
      if (!ts.isStringLiteralLike(first)) throw new Error(`Not a literal: ${node.getText()}`);
      found.push(first.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest, true));
  return found;
}

const manifest = await json<Manifest>('package.json');
const { contributes } = manifest;
const commands = contributes.commands.map((entry) => entry.command);

describe('package.json', () => {
  it('contributes exactly the commands that the code registers', async () => {
    const named = (await sources()).flatMap((source) => [...source.matchAll(/^ {4}'(kindred\.\w+)': \(/gm)]);
    const registered = named.map((match) => match[1]).concat([]);
    const asynchronous = (await sources()).flatMap((source) => [
      ...source.matchAll(/^ {4}'(kindred\.\w+)': async \(/gm),
    ]);
    expect([...registered, ...asynchronous.map((match) => match[1])].sort()).toEqual([...commands].sort());
  });

  it('uses only commands that it contributes', () => {
    const used = [...Object.values(contributes.menus).flat(), ...contributes.keybindings].map((entry) => entry.command);
    expect(used.filter((command) => !commands.includes(command))).toEqual([]);
  });

  it('puts every command into one category, and every keybinding under a condition', () => {
    expect(new Set(contributes.commands.map((entry) => entry.category))).toEqual(new Set(['Kindred']));
    for (const keybinding of contributes.keybindings) expect(keybinding.when).toMatch(/kindred\./);
  });

  it('gives every setting a default and a description, and keeps paths from untrusted workspaces', () => {
    for (const [name, setting] of Object.entries(contributes.configuration.properties)) {
      expect(setting, name).toHaveProperty('default');
      expect(setting['description'] ?? setting['markdownDescription'], name).toMatch(/^%.+%$/);
    }
    expect(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations).toEqual(['kindred.storeFolder']);
    expect(manifest.keywords.length).toBeLessThanOrEqual(10);
  });

  it('has every string that it names, and no other', async () => {
    const strings = await json<Record<string, string>>('package.nls.json');
    const text = await readFile(path.join(root, 'package.json'), 'utf8');
    const used = new Set([...text.matchAll(/"%([\w.]+)%"/g)].map((match) => match[1]));
    expect([...used].sort()).toEqual(Object.keys(strings).sort());
  });

  it('has every file that it names', () => {
    const text = JSON.stringify(manifest);
    const files = [...text.matchAll(/"(?:\.\/)?(media\/[^"]+)"/g)].map((match) => match[1]);
    expect(files.length).toBeGreaterThan(5);
    for (const file of files) expect(existsSync(path.join(root, file)), file).toBe(true);
  });

  it('draws its pictures in monochrome where VS Code colours them', async () => {
    const svg = await readFile(path.join(root, 'media/kindred.svg'), 'utf8');
    expect(svg).not.toMatch(/#[0-9a-f]{3,6}/i);
  });
});

describe('l10n', () => {
  it('lists every text of the code (vitest -u writes the list)', async () => {
    const all = [...new Set((await sources()).flatMap(texts))].sort();
    const bundle = `${JSON.stringify(Object.fromEntries(all.map((text) => [text, text])), null, 2)}\n`;
    await expect(bundle).toMatchFileSnapshot('../../l10n/bundle.l10n.json');
  });
});
