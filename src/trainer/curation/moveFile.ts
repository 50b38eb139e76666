import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import { KindredError } from '../../rpc/errors';
import { fileErrorCode, files } from '../store/files';

const PART = 1 << 20;
/** Codes with which a file system says that it has no hard links (or none for this file). */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EACCES', 'EINVAL']);

/** First 128 bits of the SHA-256 of a file, as 32 hexadecimal digits: the hash of the item table. */
export async function hashFile(path: string): Promise<string> {
  const handle = await files().open(path, 'r');
  try {
    const digest = createHash('sha256');
    const part = Buffer.alloc(PART);
    for (;;) {
      const { bytesRead } = await handle.read(part, 0, PART, null);
      if (bytesRead === 0) return digest.digest('hex').slice(0, 32);
      digest.update(part.subarray(0, bytesRead));
    }
  } finally {
    await handle.close();
  }
}

/** Whether there is anything (a dangling link too). */
export async function isThere(path: string): Promise<boolean> {
  try {
    await files().lstat(path);
    return true;
  } catch (error) {
    const code = fileErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return false;
    throw error;
  }
}

/** Something is where a file was to go; nothing was changed. */
export class Occupied extends Error {}

/**
 * Moves a plain file and never overwrites. On one disk it gets its new name before it loses the old one; to another disk it
 * is copied to `partial` (beside `to`), synced and compared by `hash` before it gets its name there and the original goes. A
 * crash at any point leaves the whole content at `from`, at `to`, or (a twin) at both.
 * @throws Occupied when something is at `to`
 */
export async function moveFile(from: string, to: string, partial: string, hash: string): Promise<void> {
  await files().mkdir(dirname(to));
  try {
    await giveName(from, to);
  } catch (error) {
    if (fileErrorCode(error) !== 'EXDEV') throw error;
    await copyOver(from, to, partial, hash);
  }
  await takeAway(from, to);
}

/** Gives a file a second name where nothing is, or (without hard links) another name. */
async function giveName(from: string, to: string): Promise<void> {
  try {
    await files().link(from, to);
  } catch (error) {
    const code = fileErrorCode(error) ?? '';
    if (code === 'EEXIST') throw new Occupied();
    if (!NO_LINKS.has(code)) throw error;
    if (await isThere(to)) throw new Occupied();
    await files().rename(from, to);
  }
}

async function copyOver(from: string, to: string, partial: string, hash: string): Promise<void> {
  if (await isThere(to)) throw new Occupied();
  await files().remove(partial);
  await files().copyFile(from, partial);
  await sync(partial, 'r+');
  if ((await hashFile(partial)) !== hash) {
    await files().unlink(partial);
    throw new KindredError('bad-input', `${from} was not copied faithfully.`, {
      remedy: 'Check the disk, and do it again; the file is still where it was.',
      path: from,
    });
  }
  await giveName(partial, to);
  if (await isThere(partial)) await files().unlink(partial);
  await syncFolder(dirname(to));
}

/** Removes the old name of a file that has its new one; when that is not allowed, the new one, so that nothing has changed. */
async function takeAway(from: string, to: string): Promise<void> {
  try {
    if (await isThere(from)) await files().unlink(from);
  } catch (error) {
    await files().unlink(to);
    throw error;
  }
}

/** Makes names in a folder durable. Folders cannot be synced everywhere; there it is left to the system. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  await sync(folder, 'r').catch((error: unknown) => {
    if (fileErrorCode(error) !== 'EINVAL') throw error;
  });
}

async function sync(path: string, flags: string): Promise<void> {
  const handle = await files().open(path, flags);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
