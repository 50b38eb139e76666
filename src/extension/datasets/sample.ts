import { cp, mkdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { KindredError } from '../../rpc/errors';

/** Where the extension may carry its sample: packed, or as it is built in a checkout. */
const PLACES = ['media/sample', 'sample'];

export async function packedSample(extensionPath: string): Promise<string> {
  for (const place of PLACES) {
    const folder = path.join(extensionPath, place);
    if (await isFolder(folder)) return folder;
  }
  throw new KindredError('not-found', 'This copy of Kindred carries no sample dataset.', {
    remedy: 'Run "npm run sample -- --packed" in the checkout, or install a released VSIX.',
  });
}

/** Copies the sample to `target`, whole or not at all. A copy that is there already is left as it is. */
export async function copySample(sample: string, target: string): Promise<void> {
  if (await isFolder(target)) return;
  const unfinished = `${target}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(path.dirname(target), { recursive: true });
  await cp(sample, unfinished, { recursive: true, filter: (file) => !path.basename(file).startsWith('.kindred') });
  await rename(unfinished, target);
}

async function isFolder(folder: string): Promise<boolean> {
  try {
    return (await stat(folder)).isDirectory();
  } catch {
    return false;
  }
}
