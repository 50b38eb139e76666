import { join } from 'node:path';
import { KindredError } from '../../rpc/errors';
import { toWriteError } from '../store/atomic';
import { withFileLock } from '../store/fileLock';
import { fileErrorCode } from '../store/files';
import { resolveInside, type StorePaths } from '../store/paths';
import type { FileProblem } from '../types/dataset';
import { syncLabels, type LabelSync } from './manifestLabels';
import { syncManifest } from './manifestSync';
import { Occupied } from './moveFile';
import type { Batch, PlannedFile } from './quarantine';

/** Errors after which the next file would fare no better. */
const HOPELESS = new Set(['ENOSPC', 'EDQUOT', 'EROFS']);

/** One apply or restore at a time, whichever process makes it. */
export function moving<T>(paths: Pick<StorePaths, 'folder' | 'quarantine'>, work: () => Promise<T>): Promise<T> {
  const lock = join(paths.folder, 'apply.lock');
  return withFileLock(lock, { patience: 2000, stale: 3_600_000, what: 'the files of this dataset' }, async () => {
    try {
      return await work();
    } catch (error) {
      throw toWriteError(error, paths.quarantine);
    }
  });
}

/** What a failed move means for one file; an error that would meet the next file too is thrown again. */
export function moveProblem(file: PlannedFile, error: unknown): FileProblem {
  if (error instanceof Occupied) {
    const remedy = 'Move what is there to another place or name, and do it again.';
    return problem(file, 'cannot be moved, because something else is in its place', remedy);
  }
  if (error instanceof KindredError) return problem(file, error.message, error.remedy ?? 'Do it again.');
  const code = fileErrorCode(error) ?? '';
  if (code === 'ENOENT' || code === 'ENOTDIR') return problem(file, 'is not there', 'Open the dataset again.');
  if (code === '' || HOPELESS.has(code)) throw error;
  const remedy = 'Give yourself the right to change the file and its folder, and do it again.';
  return problem(file, `could not be moved (${code})`, remedy);
}

export function problem(file: PlannedFile, reason: string, remedy: string): FileProblem {
  return { path: file.path, reason, remedy };
}

/** The manifest's troubles are listed; the files have moved all the same. A disk that cannot be written stops it. */
export async function syncRows(batch: Batch, root: string, away: readonly PlannedFile[]): Promise<FileProblem[]> {
  const removed = away.filter(({ to }) => to === undefined);
  return listing(
    batch,
    () => syncManifest(batch, root, removed),
    (problem) => [problem],
  );
}

/** As `syncRows`, for the cells of labels: the new ones, or the old ones. */
export async function syncCells(batch: Batch, root: string, side: 'from' | 'to'): Promise<LabelSync> {
  const { manifest, labels = [] } = batch.plan;
  if (manifest?.label === undefined || labels.length === 0) return { done: 0, open: 0, problems: [] };
  const place = {
    file: resolveInside(root, manifest.path),
    root,
    columns: { path: manifest.column, label: manifest.label },
    trial: join(batch.folder, `trial-${manifest.copy}`),
  };
  return listing(
    batch,
    () => syncLabels(place, labels, side),
    (problem) => ({ done: 0, open: labels.length, problems: [problem] }),
  );
}

async function listing<T>(batch: Batch, sync: () => Promise<T>, failed: (problem: FileProblem) => T): Promise<T> {
  try {
    return await sync();
  } catch (error) {
    const missing = fileErrorCode(error) === 'ENOENT';
    if (!missing && (!(error instanceof KindredError) || !['bad-input', 'not-found'].includes(error.code))) throw error;
    const path = batch.plan.manifest?.path ?? '';
    if (missing) return failed({ path, reason: 'is not there', remedy: 'Put the manifest back, and do it again.' });
    const { message, remedy } = error as KindredError;
    return failed({ path, reason: message, remedy: remedy ?? 'Correct the manifest by hand.' });
  }
}
