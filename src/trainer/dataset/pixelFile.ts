import { type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { toWriteError, writeAll } from '../store/atomic';
import { withFileLock } from '../store/fileLock';
import { fileErrorCode, files } from '../store/files';

const HASH = 32;
const LINE = HASH + 1;
/** An append takes seconds on a slow disk, and several processes may be waiting for their turn. */
const LOCK = { patience: 120_000, stale: 120_000, what: 'the pixels of this dataset' };

/** The pixels of one picture, by the hash of its content. */
export interface PixelRow {
  readonly hash: string;
  readonly pixels: Uint8Array;
}

/**
 * Small pictures of one size on the disk: `<size>.u8` holds rows of size x size x 3 bytes (RGB, row by row), `<size>.hashes` one
 * line a row, the content hash. Rows are found by content, so that moved, restored and duplicate files share them, and they are
 * only ever appended: first the pixels, then, once these are on the disk, the hashes. What a crash or a full disk leaves
 * half-written has no hash and is written over.
 */
export class PixelFile {
  private readonly rows = new Map<string, number>();
  /** Opened by the first read, for all of them. */
  private handle: Promise<FileHandle> | undefined;
  private readonly reads = new Set<Promise<unknown>>();
  private closed = false;
  private indexBytes = 0;

  private constructor(
    private readonly folder: string,
    readonly size: number,
  ) {}

  /** An absent file is one without rows; nothing is written before the first `append`. */
  static async open(folder: string, size: number): Promise<PixelFile> {
    const file = new PixelFile(folder, size);
    await file.readIndex();
    return file;
  }

  /** How many different pictures there are. */
  get count(): number {
    return this.rows.size;
  }

  rowOf(hash: string): number | undefined {
    return this.rows.get(hash);
  }

  /** Appends the rows that are not there yet; they are on the disk when it returns. Other processes may append too. */
  async append(added: readonly PixelRow[]): Promise<void> {
    const missing = added.filter((row) => !this.rows.has(row.hash));
    if (missing.length === 0) return;
    const path = this.path('u8');
    try {
      await files().mkdir(this.folder);
      await withFileLock(this.path('lock'), LOCK, async () => {
        await this.readIndex();
        await this.appendLocked(missing.filter((row) => !this.rows.has(row.hash)));
      });
    } catch (error) {
      throw toWriteError(error, path);
    }
  }

  /** The rows, one after the other, in the given order. Not after `close`: that would be a defect of the caller. */
  async read(rows: ArrayLike<number>): Promise<Uint8Array> {
    if (this.closed) throw new Error(`The pixel file ${this.path('u8')} is closed.`);
    const reading = this.readRows(rows);
    this.reads.add(reading);
    try {
      return await reading;
    } finally {
      this.reads.delete(reading);
    }
  }

  /** Returns when the reads that are going on have ended, and the file is closed. */
  async close(): Promise<void> {
    this.closed = true;
    await Promise.allSettled(this.reads);
    const handle = this.handle;
    this.handle = undefined;
    await (await handle)?.close();
  }

  private get rowBytes(): number {
    return this.size * this.size * 3;
  }

  private path(extension: string): string {
    return join(this.folder, `${this.size}.${extension}`);
  }

  private async readRows(rows: ArrayLike<number>): Promise<Uint8Array> {
    const bytes = new Uint8Array(rows.length * this.rowBytes);
    const handle = await this.opened();
    for (let from = 0; from < rows.length;) {
      let to = from + 1;
      while (to < rows.length && rows[to] === rows[to - 1] + 1) to++;
      await readFully(handle, bytes.subarray(from * this.rowBytes, to * this.rowBytes), rows[from] * this.rowBytes);
      from = to;
    }
    return bytes;
  }

  /** An opening that fails is tried again by the next read. */
  private opened(): Promise<FileHandle> {
    this.handle ??= files()
      .open(this.path('u8'), 'r')
      .catch((error: unknown) => {
        this.handle = undefined;
        throw error;
      });
    return this.handle;
  }

  private async appendLocked(added: readonly PixelRow[]): Promise<void> {
    const unique = [...new Map(added.map((row) => [row.hash, row])).values()];
    const first = this.indexBytes / LINE;
    await writeAt(this.path('u8'), Buffer.concat(unique.map((row) => row.pixels)), first * this.rowBytes);
    await writeAt(this.path('hashes'), Buffer.from(unique.map((row) => `${row.hash}\n`).join('')), this.indexBytes);
    unique.forEach((row, i) => this.rows.set(row.hash, first + i));
    this.indexBytes += unique.length * LINE;
  }

  /** Takes in whole lines whose pixels are all there; a torn end is left to be written over. */
  private async readIndex(): Promise<void> {
    const [index, pixelBytes] = await Promise.all([this.readWhole('hashes'), this.sizeOf('u8')]);
    const lines = Math.min(Math.floor(index.length / LINE), Math.floor(pixelBytes / this.rowBytes));
    const text = index.toString('latin1', this.indexBytes, lines * LINE);
    const known = this.indexBytes / LINE;
    for (let i = 0; i < text.length; i += LINE) this.rows.set(text.slice(i, i + HASH), known + i / LINE);
    this.indexBytes = lines * LINE;
  }

  private async readWhole(extension: string): Promise<Buffer> {
    return files()
      .readFile(this.path(extension))
      .catch(absent(Buffer.alloc(0)));
  }

  private async sizeOf(extension: string): Promise<number> {
    return files()
      .stat(this.path(extension))
      .then((stats) => stats.size)
      .catch(absent(0));
  }
}

function absent<T>(value: T): (error: unknown) => T {
  return (error) => {
    if (fileErrorCode(error) === 'ENOENT') return value;
    throw error;
  };
}

/** Writes at a position, cuts what was after it, and waits for the disk. */
async function writeAt(path: string, data: Uint8Array, position: number): Promise<void> {
  const handle = await files()
    .open(path, 'r+')
    .catch((error: unknown) => {
      if (fileErrorCode(error) === 'ENOENT') return files().open(path, 'wx+');
      throw error;
    });
  try {
    await handle.truncate(position);
    await writeAll(handle, data, position);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function readFully(handle: FileHandle, into: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < into.byteLength;) {
    const { bytesRead } = await handle.read(into, done, into.byteLength - done, position + done);
    if (bytesRead === 0) throw new RangeError('The pixel file is shorter than its index says.');
    done += bytesRead;
  }
}
