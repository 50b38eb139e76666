import { type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { KindredError } from '../../rpc/errors';
import { fileErrorCode, files } from './files';

const READ_ONLY = new Set(['EACCES', 'EROFS', 'EPERM']);
const FULL = new Set(['ENOSPC', 'EDQUOT']);

/** Parts of a file, written one after the other. */
export type FileParts = string | Uint8Array | Iterable<Uint8Array>;

export interface WriteOptions {
  /**
   * Wait until the bytes are on the disk (the default). Without it a power cut may leave an empty file, so it is for caches
   * whose reader checks them.
   */
  readonly durable?: boolean;
}

/**
 * Turns a failed write into an error that says what to do: `read-only`, `disk-full`, or `bad-input` for the rest.
 * A `KindredError` is given back as it is.
 */
export function toWriteError(error: unknown, path: string): KindredError {
  if (error instanceof KindredError) return error;
  const code = fileErrorCode(error);
  if (code !== undefined && READ_ONLY.has(code)) {
    return new KindredError('read-only', `${path} cannot be written.`, {
      remedy:
        'Give yourself the right to write there, or choose another place for the store (setting kindred.storeFolder, or --store).',
      path,
      cause: error,
    });
  }
  if (code !== undefined && FULL.has(code)) {
    return new KindredError('disk-full', `There is no room left on the disk for ${path}.`, {
      remedy: 'Free some space and do it again; nothing that was there before is lost.',
      path,
      cause: error,
    });
  }
  const detail = error instanceof Error ? error.message : String(error);
  return new KindredError('bad-input', `${path} could not be written: ${detail}.`, {
    remedy: 'Check that the folder exists, that the name is not too long, and that nothing else has the file open.',
    path,
    cause: error,
  });
}

/**
 * Writes a file so that a reader sees the old content or the new, never a mixture: temporary file in the same folder, fsync,
 * rename. Missing parent folders are made.
 * @throws KindredError as `toWriteError` says; the file that was there before stays as it was.
 */
export async function writeFileAtomic(path: string, data: FileParts, options: WriteOptions = {}): Promise<void> {
  const durable = options.durable ?? true;
  const temporary = temporaryBeside(path);
  try {
    await files().mkdir(dirname(path));
    await writeWhole(temporary, data, durable);
    await replace(temporary, path);
    if (durable) await syncFolder(dirname(path));
  } catch (error) {
    await files()
      .remove(temporary)
      .catch(() => undefined);
    throw toWriteError(error, path);
  }
}

/** Appends text and returns when it is on the disk. One call is one write, so lines of several writers do not mix. */
export async function appendDurably(path: string, text: string): Promise<void> {
  try {
    await files().mkdir(dirname(path));
    const handle = await files().open(path, 'a');
    try {
      await writeAll(handle, Buffer.from(text), null);
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw toWriteError(error, path);
  }
}

/** Writes all of `data`, at `position` or (null) where the file stands. */
export async function writeAll(handle: FileHandle, data: Uint8Array, position: number | null): Promise<void> {
  const PART = 1 << 28; // One write of the operating system takes less than 2 GiB.
  for (let done = 0; done < data.byteLength;) {
    const length = Math.min(PART, data.byteLength - done);
    const at = position === null ? null : position + done;
    done += (await handle.write(data, done, length, at)).bytesWritten;
  }
}

let temporaries = 0;

/** A new name in the same folder (a rename must not cross disks); short, as the file's own name may be as long as allowed. */
function temporaryBeside(path: string): string {
  return join(dirname(path), `.kindred-${process.pid}-${Date.now().toString(36)}-${temporaries++}.tmp`);
}

/** Whether a file has a name that `writeFileAtomic` gives to what it has not finished; nobody else names files so. */
export function isTemporary(name: string): boolean {
  return /^\.kindred-\d+-[0-9a-z]+-\d+\.tmp$/.test(name);
}

async function writeWhole(path: string, data: FileParts, durable: boolean): Promise<void> {
  const handle = await files().open(path, 'wx');
  try {
    const parts = typeof data === 'string' ? [Buffer.from(data)] : data instanceof Uint8Array ? [data] : data;
    for (const part of parts) await writeAll(handle, part, null);
    if (durable) await handle.sync();
  } finally {
    await handle.close();
  }
}

/** On Windows a virus scanner or an indexer may hold the old file for a moment. */
async function replace(from: string, to: string): Promise<void> {
  const retries = process.platform === 'win32' ? 5 : 0;
  for (let attempt = 0; ; attempt++) {
    try {
      await files().rename(from, to);
      return;
    } catch (error) {
      if (attempt >= retries || !READ_ONLY.has(fileErrorCode(error) ?? '')) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20 << attempt));
    }
  }
}

/** Makes a rename durable. Folders cannot be synced on Windows, nor on some network disks; there it is left to the system. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await files().open(folder, 'r');
  try {
    await handle.sync().catch(() => undefined);
  } finally {
    await handle.close();
  }
}
