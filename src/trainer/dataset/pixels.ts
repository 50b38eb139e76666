import { KindredError, throwIfCancelled } from '../../rpc/errors';
import type { CallContext } from '../../rpc/rpc';
import { FILES_AT_ONCE, mapConcurrently } from '../store/concurrency';
import { ProgressMeter } from '../store/progressMeter';
import type { FileProblem } from '../types/dataset';
import type { Progress } from '../types/progress';
import { type Dataset } from './dataset';
import { UnusableFile } from './fileProblem';
import { hashContent, readContent, withPicture } from './imageReader';
import { PixelFile, type PixelRow } from './pixelFile';
import { shrink, toSquare } from './squarePixels';

const MAX_SIZE = 1024;
/** Pictures decoded between two appends; bounded by memory too (`batchOf`). */
const BATCH = 1024;
const BATCH_BYTES = 2 ** 26;
/** Stores up to this many bytes are kept in memory once everything has been read once. */
const MEMORY_BYTES = 2 ** 29;
/** What stands for a picture that can no longer be read. */
export const GREY = 128;

/** The pixels of all items, size x size, RGB. */
export interface PixelStore {
  readonly size: number;
  readonly count: number;
  /** Files that have gone or changed since the dataset was opened; their pixels are grey. */
  readonly problems: readonly FileProblem[];
  /** uint8, one size x size x 3 row (row-major NHWC) for each of the given items, in their order. */
  read(items: ArrayLike<number>): Promise<Uint8Array>;
  close(): Promise<void>;
}

/**
 * Makes the pixels of this size for all items that have none yet, and gives access to them. Pictures that are at most 1.5 times
 * longer than wide (or wider than long) fill the square; longer ones keep their shape on their mean colour; transparency is
 * on white. What was made before a cancel or a crash is kept.
 */
export async function ensurePixels(
  dataset: Dataset,
  size: number,
  context: CallContext<Progress>,
): Promise<PixelStore> {
  if (!Number.isInteger(size) || size < 4 || size > MAX_SIZE) {
    const remedy = `Choose a whole number from 4 to ${MAX_SIZE}.`;
    throw new KindredError('invalid-argument', `Pictures cannot be made ${size} pixels wide.`, { remedy });
  }
  const file = await PixelFile.open(dataset.paths.pixels, size);
  const { hashes } = dataset.items;
  const wanted = firstOfEachHash(hashes).filter((item) => file.rowOf(hashes[item]) === undefined);
  const problems: FileProblem[] = [];
  const meter = new ProgressMeter(context.report, 'Reading images', wanted.length, 'images');
  const batch = Math.max(1, Math.min(BATCH, Math.floor(BATCH_BYTES / (size * size * 3))));
  for (let from = 0; from < wanted.length; from += batch) {
    const made = await mapConcurrently(wanted.slice(from, from + batch), FILES_AT_ONCE, async (item) => {
      if (context.signal.aborted) return undefined; // What is done of this batch is still kept.
      const row = await makeRow(dataset, item, size);
      meter.add();
      if (!(row instanceof UnusableFile)) return row;
      problems.push(row.at(dataset.items.paths[item]));
      return undefined;
    });
    await file.append(made.filter((row) => row !== undefined));
    throwIfCancelled(context.signal);
  }
  return new FilePixelStore(file, hashes, problems);
}

function firstOfEachHash(hashes: readonly string[]): number[] {
  const seen = new Set<string>();
  const items: number[] = [];
  hashes.forEach((hash, item) => {
    if (seen.has(hash)) return;
    seen.add(hash);
    items.push(item);
  });
  return items;
}

/** The pixels of an item's file as it is now, or what is wrong with it. */
export async function makeRow(dataset: Dataset, item: number, size: number): Promise<PixelRow | UnusableFile> {
  try {
    const content = await readContent(dataset.absolutePath(item), dataset.items.bytes[item]);
    const hash = await hashContent(content);
    if (hash !== dataset.items.hashes[item])
      throw new UnusableFile('has changed since the dataset was opened', 'Open the dataset again.');
    const pixels = await withPicture(content, async (picture) => toSquare(await shrink(picture, size), size));
    return { hash, pixels };
  } catch (error) {
    if (error instanceof UnusableFile) return error;
    throw error;
  }
}

/** Pixels that are on the disk already; -1 (grey) where a content has none. */
export class FilePixelStore implements PixelStore {
  readonly count: number;
  private readonly rows: Int32Array;
  private itemsRead = 0;
  private memory: Promise<Uint8Array> | undefined;

  constructor(
    private readonly file: PixelFile,
    hashes: readonly string[],
    readonly problems: readonly FileProblem[],
  ) {
    this.count = hashes.length;
    this.rows = Int32Array.from(hashes, (hash) => file.rowOf(hash) ?? -1);
  }

  get size(): number {
    return this.file.size;
  }

  async read(items: ArrayLike<number>): Promise<Uint8Array> {
    this.itemsRead += items.length;
    const fits = this.count * this.rowBytes <= MEMORY_BYTES;
    if (fits && (this.memory !== undefined || this.itemsRead > this.count)) return this.fromMemory(items);
    return this.fromFile(items);
  }

  async close(): Promise<void> {
    this.memory = undefined;
    await this.file.close();
  }

  private get rowBytes(): number {
    return this.size * this.size * 3;
  }

  private async fromFile(items: ArrayLike<number>): Promise<Uint8Array> {
    const rows = Array.from(items, (item) => this.rows[item]);
    if (!rows.includes(-1)) return this.file.read(rows);
    const known = rows.filter((row) => row !== -1);
    const found = known.length === 0 ? new Uint8Array() : await this.file.read(known);
    const bytes = new Uint8Array(rows.length * this.rowBytes).fill(GREY);
    let taken = 0;
    rows.forEach((row, i) => {
      if (row === -1) return;
      bytes.set(found.subarray(taken, taken + this.rowBytes), i * this.rowBytes);
      taken += this.rowBytes;
    });
    return bytes;
  }

  private async fromMemory(items: ArrayLike<number>): Promise<Uint8Array> {
    this.memory ??= this.fromFile(Array.from({ length: this.count }, (_, item) => item));
    const all = await this.memory;
    const bytes = new Uint8Array(items.length * this.rowBytes);
    for (let i = 0; i < items.length; i++) {
      const start = items[i] * this.rowBytes;
      bytes.set(all.subarray(start, start + this.rowBytes), i * this.rowBytes);
    }
    return bytes;
  }
}
