import { dirname, join, resolve } from 'node:path';
import { isTemporary } from './atomic';
import { files } from './files';
import type { StorePaths } from './paths';

/** Milliseconds. A write takes seconds, so what is older was left by a process that died. */
const OLD = 3_600_000;

/**
 * Removes the unfinished files of processes that died while they wrote: in the store with its own folders, and beside
 * the journal and the manifest (absolute, or relative to the root). What cannot be looked at or removed stays; it does no harm.
 */
export async function removeLeftovers(paths: StorePaths, manifest: string | undefined): Promise<void> {
  // A store may be in a folder that holds other things too: only what is Kindred's is searched in depth.
  const { folder, runs, embeddings, neighbours, projections, clusters, thumbnails, pixels } = paths;
  for (const own of [runs, embeddings, neighbours, projections, clusters, thumbnails, pixels]) await sweep(own, true);
  const beside = [paths.journal, ...(manifest === undefined ? [] : [resolve(paths.root, manifest)])].map(dirname);
  for (const one of new Set([folder, ...beside])) await sweep(one, false);
}

async function sweep(folder: string, deep: boolean): Promise<void> {
  const entries = await files()
    .readdir(folder)
    .catch(() => []);
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && deep) await sweep(path, true);
    else if (entry.isFile() && isTemporary(entry.name)) await removeOld(path).catch(() => undefined);
  }
}

async function removeOld(path: string): Promise<void> {
  if (Date.now() - (await files().lstat(path)).mtimeMs > OLD) await files().unlink(path);
}
