import { createHash } from 'node:crypto';
import path from 'node:path';
import type { DatasetRef } from '../../trainer/protocol';

/** A dataset is where it is: one root, one dataset. */
export function sameDataset(a: DatasetRef, b: DatasetRef): boolean {
  return a.root === b.root && a.store === b.store;
}

/** Checks a reference that came from a webview, a saved state or a command's argument. */
export function isDatasetRef(value: unknown): value is DatasetRef {
  if (typeof value !== 'object' || value === null) return false;
  const { root, store } = value as { root?: unknown; store?: unknown };
  return isAbsolutePath(root) && (store === undefined || isAbsolutePath(store));
}

export function datasetName(ref: DatasetRef): string {
  return path.basename(ref.root) || ref.root;
}

/**
 * The reference of the dataset at `root`, with its store inside the dataset's folder, or in a folder of its own under
 * `storeFolder` when that is given: named after the dataset, and after its path, since many datasets are called "train".
 */
export function datasetRef(root: string, storeFolder?: string): DatasetRef {
  const normal = normalRoot(root);
  if (storeFolder === undefined) return { root: normal };
  const digest = createHash('sha256').update(normal).digest('hex').slice(0, 8);
  return { root: normal, store: path.join(storeFolder, `${path.basename(normal)}-${digest}`) };
}

/** Where the trainer keeps the description of an opened dataset. */
export function descriptionFile(ref: DatasetRef): string {
  return path.join(storeOf(ref), 'dataset.json');
}

export function storeOf(ref: DatasetRef): string {
  return ref.store ?? path.join(ref.root, '.kindred');
}

function normalRoot(root: string): string {
  const normal = path.normalize(root);
  return normal.length > 1 && normal.endsWith(path.sep) && path.dirname(normal) !== normal
    ? normal.slice(0, -1)
    : normal;
}

function isAbsolutePath(value: unknown): value is string {
  return typeof value === 'string' && path.isAbsolute(value);
}
