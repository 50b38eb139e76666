import { FILES_AT_ONCE, mapConcurrently } from '../store/concurrency';
import type { FileProblem } from '../types/dataset';
import type { Dataset } from './dataset';
import { UnusableFile } from './fileProblem';
import { PixelFile, type PixelRow } from './pixelFile';
import { FilePixelStore, GREY, makeRow, type PixelStore } from './pixels';

/** New pictures are kept in memory until there are this many bytes of them, and then written at once. */
const UNWRITTEN_BYTES = 2 ** 24;

/**
 * As `ensurePixels`, but at once: a picture that has no pixels of this size yet is decoded (in other threads) when it is first read,
 * and its pixels are kept for the next time. `problems` grows as pictures are found that cannot be read.
 * @param signal ends a reading with `cancelled`.
 */
export async function pixelsOnDemand(dataset: Dataset, size: number, signal?: AbortSignal): Promise<PixelStore> {
  return new PixelsOnDemand(dataset, await PixelFile.open(dataset.paths.pixels, size), signal);
}

class PixelsOnDemand implements PixelStore {
  readonly count: number;
  readonly problems: FileProblem[] = [];
  /** Set when every picture has its pixels: from then on they are only read. */
  private whole: PixelStore | undefined;
  /** What is being decoded, or is decoded and not written yet, by content; undefined where the picture cannot be read. */
  private readonly made = new Map<string, Promise<PixelRow | undefined>>();
  private unwritten: PixelRow[] = [];
  private writing: Promise<void> = Promise.resolve();
  /** Contents that have no pixels yet. */
  private readonly missing: Set<string>;

  constructor(
    private readonly dataset: Dataset,
    private readonly file: PixelFile,
    private readonly signal: AbortSignal | undefined,
  ) {
    const { hashes } = dataset.items;
    this.count = hashes.length;
    this.missing = new Set(hashes.filter((hash) => file.rowOf(hash) === undefined));
  }

  get size(): number {
    return this.file.size;
  }

  async read(items: ArrayLike<number>): Promise<Uint8Array> {
    if (this.whole === undefined && this.missing.size === 0) {
      this.whole = new FilePixelStore(this.file, this.dataset.items.hashes, this.problems);
    }
    return this.whole === undefined ? this.readSome(Array.from(items)) : this.whole.read(items);
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.made.values());
    this.write();
    try {
      await this.writing;
    } finally {
      await this.file.close();
    }
  }

  private async readSome(items: readonly number[]): Promise<Uint8Array> {
    const { hashes } = this.dataset.items;
    const length = this.size * this.size * 3;
    const bytes = new Uint8Array(items.length * length).fill(GREY);
    const readOne = async (item: number, i: number): Promise<void> => {
      const stored = this.file.rowOf(hashes[item]);
      const pixels = stored === undefined ? (await this.rowOf(item))?.pixels : await this.file.read([stored]);
      if (pixels) bytes.set(pixels, i * length);
    };
    await mapConcurrently(items, FILES_AT_ONCE, readOne, this.signal);
    await this.writing;
    return bytes;
  }

  private rowOf(item: number): Promise<PixelRow | undefined> {
    const hash = this.dataset.items.hashes[item];
    let row = this.made.get(hash);
    if (row === undefined) {
      row = this.make(item);
      this.made.set(hash, row);
    }
    return row;
  }

  private async make(item: number): Promise<PixelRow | undefined> {
    const row = await makeRow(this.dataset, item, this.size);
    if (row instanceof UnusableFile) {
      this.problems.push(row.at(this.dataset.items.paths[item]));
      this.missing.delete(this.dataset.items.hashes[item]);
      return undefined;
    }
    this.unwritten.push(row);
    if (this.unwritten.length * row.pixels.byteLength >= UNWRITTEN_BYTES) this.write();
    return row;
  }

  /** Rows stay in memory until they are on the disk; a failure to write shows in the next read. */
  private write(): void {
    const rows = this.unwritten;
    this.unwritten = [];
    this.writing = this.writing.then(async () => {
      await this.file.append(rows);
      for (const { hash } of rows) {
        this.made.delete(hash);
        this.missing.delete(hash);
      }
    });
    this.writing.catch(() => undefined);
  }
}
