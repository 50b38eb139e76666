import { join } from 'node:path';
import { KindredError } from '../../rpc/errors';
import { toWriteError, writeFileAtomic } from './atomic';
import { exists } from './files';
import { type StorePaths } from './paths';

const CACHE_TAG = `Signature: 8a477f597d28d172789f06886806bc55
# This folder holds caches of Kindred. It may be deleted at any time.
# See https://bford.info/cachedir/ for what this file is.
`;

/**
 * Makes the store's folder and marks it as a cache, for git and for backups.
 * @throws KindredError `read-only` that names the folder, when it may not be written.
 */
export async function prepareStore(paths: StorePaths): Promise<void> {
  try {
    const marks = [
      ['.gitignore', '*\n'],
      ['CACHEDIR.TAG', CACHE_TAG],
    ] as const;
    for (const [name, content] of marks) {
      const path = join(paths.folder, name);
      if (!(await exists(path))) await writeFileAtomic(path, content);
    }
  } catch (error) {
    const failure = toWriteError(error, paths.folder);
    // A folder that cannot be made at all (in /proc, on a lost drive) is no better than one that may not be written.
    if (failure.code !== 'read-only' && (await exists(paths.folder).catch(() => true))) throw failure;
    if (failure.code === 'disk-full') throw failure;
    throw new KindredError('read-only', `The folder ${paths.folder} cannot be written, so nothing can be kept there.`, {
      remedy: 'Choose another place for the store: setting kindred.storeFolder, or --store on the command line.',
      path: paths.folder,
      cause: error,
    });
  }
}
