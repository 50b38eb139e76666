import { join } from 'node:path';
import { KindredError } from '../../rpc/errors';
import { toWriteError } from '../store/atomic';
import { withFileLock } from '../store/fileLock';
import { fileErrorCode } from '../store/files';
import type { StorePaths } from '../store/paths';
import type { FileProblem } from '../types/dataset';
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
  try {
    return await syncManifest(batch, root, away);
  } catch (error) {
    if (!(error instanceof KindredError) || !['bad-input', 'not-found'].includes(error.code)) throw error;
    const path = batch.plan.manifest?.path ?? '';
    return [{ path, reason: error.message, remedy: error.remedy ?? 'Correct the manifest by hand.' }];
  }
}
