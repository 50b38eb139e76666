import { realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { KindredError } from '../../rpc/errors';
import type { DatasetRef } from '../types/dataset';
import { fileErrorCode } from './files';

/** The folder of caches inside a dataset. */
export const STORE_FOLDER = '.kindred';
export const QUARANTINE_FOLDER = 'kindred.quarantine';
export const JOURNAL_FILE = 'kindred.decisions.jsonl';
export const CONFIG_FILE = 'kindred.json';

/** Where everything of a dataset is; absolute paths. */
export interface StorePaths {
  readonly root: string;
  /** The store: caches that may be deleted at any time. */
  readonly folder: string;
  readonly dataset: string;
  readonly items: string;
  readonly runs: string;
  readonly embeddings: string;
  readonly neighbours: string;
  readonly projections: string;
  readonly clusters: string;
  readonly thumbnails: string;
  readonly pixels: string;
  readonly journal: string;
  readonly quarantine: string;
  readonly config: string;
}

export function storePaths(ref: DatasetRef): StorePaths {
  const root = resolve(ref.root);
  const folder = ref.store === undefined ? join(root, STORE_FOLDER) : resolve(ref.store);
  return {
    root,
    folder,
    dataset: join(folder, 'dataset.json'),
    items: join(folder, 'items.arrow'),
    runs: join(folder, 'runs'),
    embeddings: join(folder, 'embeddings'),
    neighbours: join(folder, 'neighbours'),
    projections: join(folder, 'projections'),
    clusters: join(folder, 'clusters'),
    thumbnails: join(folder, 'thumbnails'),
    pixels: join(folder, 'pixels'),
    journal: join(ref.store === undefined ? root : folder, JOURNAL_FILE),
    quarantine: join(root, QUARANTINE_FOLDER),
    config: join(root, CONFIG_FILE),
  };
}

/** Whether an absolute path is the folder itself or in it, by name only. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

/**
 * The absolute path of something in a dataset, whether it exists or not.
 * @throws KindredError `bad-input` when it leaves the root, by `..`, by being absolute, or through a symbolic link.
 */
export function resolveInside(root: string, path: string): string {
  const absolute = resolve(root, path);
  const outside = (): KindredError =>
    new KindredError('bad-input', `${path} is outside of the dataset ${root}.`, {
      remedy: "Move the file into the dataset's folder, or open a folder that holds both.",
      path,
    });
  if (path.includes('\0') || !isInside(resolve(root), absolute)) throw outside();
  if (!isInside(realpathOfExisting(resolve(root)), realpathOfExisting(absolute))) throw outside();
  return absolute;
}

/** The real path of the deepest part that exists, with the rest as it is. */
function realpathOfExisting(path: string): string {
  try {
    return realpathSync.native(path);
  } catch (error) {
    const code = fileErrorCode(error);
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error;
    const parent = dirname(path);
    return parent === path ? path : join(realpathOfExisting(parent), basename(path));
  }
}
