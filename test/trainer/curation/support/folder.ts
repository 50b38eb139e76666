import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { storePaths, type StorePaths } from '../../../../src/trainer/store/paths';
import type { DecisionState } from '../../../../src/trainer/types/curation';
import type { Dataset } from '../../../../src/trainer/dataset/dataset';

type Subject = Pick<Dataset, 'items' | 'summary' | 'paths'>;

export const hashOf = (content: string | Buffer): string =>
  createHash('sha256').update(content).digest('hex').slice(0, 32);

/** A dataset of small files of any content: moving files needs no pictures. */
export async function writeDataset(
  root: string,
  contents: Readonly<Record<string, string>>,
  manifest?: { readonly name: string; readonly text: string; readonly column: string },
): Promise<Subject> {
  for (const [path, content] of Object.entries(contents)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
  if (manifest) await writeFile(join(root, manifest.name), manifest.text);
  const paths = Object.keys(contents);
  const column = { name: 'label', categories: [], codes: new Int32Array(paths.length).fill(-1) };
  const source = manifest
    ? ({ kind: 'manifest', path: manifest.name, columns: { path: manifest.column } } as const)
    : ({ kind: 'flat' } as const);
  return {
    paths: storePaths({ root }),
    summary: { source } as Dataset['summary'],
    items: {
      count: paths.length,
      paths,
      hashes: paths.map((path) => hashOf(contents[path])),
      bytes: Float64Array.from(paths, (path) => contents[path].length),
      label: column,
      split: column,
    } as unknown as Dataset['items'],
  };
}

export function removing(remove: readonly number[]): DecisionState {
  return { decisions: [], keep: [], remove, canUndo: false };
}

/**
 * Every plain file of a folder with its content, but for the store's and the quarantine's own records and what a process that
 * died in an atomic write leaves behind.
 */
export async function contentsOf(root: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name).slice(root.length + 1);
    if (/(^|\/)\.kindred-\d+-\w+-\d+\.tmp$/.test(path)) continue;
    if (path.startsWith('.kindred/') || /^kindred\.quarantine\/[^/]+\/[^/]+$/.test(path)) continue;
    found[path] = (await readFile(join(root, path))).toString();
  }
  return found;
}

export type { StorePaths, Subject };
