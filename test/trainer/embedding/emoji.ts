/** Small real datasets in temporary folders: emoji in two styles, one class an emoji. */
import { copyFile, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { openDataset, type Dataset } from '../../../src/trainer/dataset/dataset';
import type { CallContext } from '../../../src/rpc/rpc';

const require = createRequire(import.meta.url);
const STYLES = ['google', 'twitter'].map((style) =>
  path.join(path.dirname(require.resolve(`emoji-datasource-${style}/package.json`)), 'img', style, '64'),
);

export function quiet<Progress>(): CallContext<Progress> & { readonly reports: Progress[] } {
  const reports: Progress[] = [];
  return { signal: new AbortController().signal, report: (progress) => reports.push(progress), reports };
}

export async function temporaryFolder(): Promise<string> {
  return mkdtemp(path.join(tmpdir(), 'kindred-embedding-'));
}

export async function removeFolder(folder: string): Promise<void> {
  // What was begun before may still write into it.
  await rm(folder, { recursive: true, force: true, maxRetries: 10 });
}

/** Names of emoji that both styles have, spread over the whole set. */
export async function emojiNames(count: number): Promise<string[]> {
  const [first, second] = await Promise.all(STYLES.map((folder) => readdir(folder)));
  const both = new Set(second);
  const names = first.filter((name) => both.has(name)).sort();
  return Array.from({ length: count }, (_, i) => names[Math.floor((i * names.length) / count)]);
}

/** One folder a class, with a picture of each style. */
export async function addClasses(root: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const folder = path.join(root, path.parse(name).name);
    await mkdir(folder, { recursive: true });
    await Promise.all(STYLES.map((style, i) => copyFile(path.join(style, name), path.join(folder, `${i}.png`))));
  }
}

export async function emojiDataset(root: string, classes: number): Promise<Dataset> {
  await addClasses(root, await emojiNames(classes));
  return openDataset({ root }, {}, quiet());
}

/** The pictures themselves, 64 x 64 RGB on white: both styles of each name, one after the other. */
export async function emojiPixels(names: readonly string[]): Promise<{ pixels: Uint8Array; labels: Int32Array }> {
  const pictures = await Promise.all(
    names.flatMap((name) =>
      STYLES.map((style) =>
        sharp(path.join(style, name)).flatten({ background: '#fff' }).removeAlpha().resize(64, 64).raw().toBuffer(),
      ),
    ),
  );
  return {
    pixels: new Uint8Array(Buffer.concat(pictures)),
    labels: Int32Array.from({ length: pictures.length }, (_, i) => Math.floor(i / STYLES.length)),
  };
}
