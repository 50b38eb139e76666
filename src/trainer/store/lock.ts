import { files, fileErrorCode } from './files';
import { toWriteError } from './atomic';

const STALE_AFTER = 30_000; // milliseconds; what is done under a lock takes less than a second
const RETRY_EVERY = 20;

/**
 * Runs a short task while no other process does one under the same lock (a file that exists as long as the lock is held). The
 * lock of a process that died is taken over.
 */
export async function withFileLock<T>(path: string, task: () => Promise<T>): Promise<T> {
  await take(path);
  try {
    return await task();
  } finally {
    await files()
      .remove(path)
      .catch(() => undefined);
  }
}

async function take(path: string): Promise<void> {
  for (;;) {
    try {
      await (await files().open(path, 'wx')).close();
      return;
    } catch (error) {
      if (fileErrorCode(error) !== 'EEXIST') throw toWriteError(error, path);
    }
    if (await isStale(path)) await files().remove(path);
    else await new Promise((resolve) => setTimeout(resolve, RETRY_EVERY));
  }
}

async function isStale(path: string): Promise<boolean> {
  try {
    return Date.now() - (await files().stat(path)).mtimeMs > STALE_AFTER;
  } catch {
    return false; // It was given back just now.
  }
}
