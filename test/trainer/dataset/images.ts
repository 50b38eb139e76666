import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp, { type Color, type Sharp } from 'sharp';
import { onTestFinished } from 'vitest';
import type { CallContext } from '../../../src/rpc/rpc';
import type { Progress } from '../../../src/trainer/types/progress';

/** A folder that is gone when the test ends. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kindred-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A picture with some structure: bands whose colours and widths depend on `seed`. */
export async function png(seed: number, width = 24, height = 24): Promise<Buffer> {
  const data = Buffer.alloc(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    const x = i % width;
    const y = Math.floor(i / width);
    data[i * 3] = (seed * 37 + x * (3 + (seed % 5))) % 256;
    data[i * 3 + 1] = (seed * 91 + y * (2 + (seed % 7))) % 256;
    data[i * 3 + 2] = (seed * 13 + ((x * y) >> 2)) % 256;
  }
  return sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}

export function plain(width: number, height: number, background: Color): Sharp {
  return sharp({ create: { width, height, channels: 4, background } });
}

/** Writes files by their relative paths, with the folders that they need. */
export async function writeFiles(root: string, contents: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  for (const [path, content] of Object.entries(contents)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
}

/** Writes a different picture to each path. */
export async function writePictures(root: string, paths: readonly string[]): Promise<void> {
  for (const [i, path] of paths.entries()) await writeFiles(root, { [path]: await png(i) });
}

/** A context that keeps what is reported and, if asked, cancels on a report. */
export function context(
  cancelWhen?: (progress: Progress) => boolean,
): CallContext<Progress> & { readonly reports: Progress[] } {
  const controller = new AbortController();
  const reports: Progress[] = [];
  const report = (progress: Progress): void => {
    reports.push(progress);
    if (cancelWhen?.(progress) === true) controller.abort();
  };
  return { signal: controller.signal, report, reports };
}
