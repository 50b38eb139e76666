import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { files } from '../store/files';
import { readNpy, writeNpy } from '../store/npy';

/** Rows that are lost at most when the work is cut short. */
export const PART_ROWS = 4096;

/**
 * The rows computed so far of an embedding that is not finished. A part is named by what made it and the content of its items,
 * so that the next attempt finds exactly what it can use, whatever became of the one before.
 */
export class EmbeddingParts {
  constructor(
    private readonly folder: string,
    private readonly stamp: string,
    private readonly dims: number,
    /** How many rows make a part. */
    readonly length: number,
  ) {}

  /** The rows of these items, if they were computed before. */
  async read(hashes: readonly string[]): Promise<Float32Array | undefined> {
    try {
      const { data, shape } = await readNpy(this.file(hashes));
      const fits = shape[0] === hashes.length && shape[1] === this.dims;
      return fits && data instanceof Float32Array ? data : undefined;
    } catch {
      return undefined; // Not there, or cut short: computed again either way.
    }
  }

  write(hashes: readonly string[], rows: Float32Array): Promise<void> {
    return writeNpy(this.file(hashes), { data: rows, shape: [hashes.length, this.dims] });
  }

  clear(): Promise<void> {
    return files().remove(this.folder);
  }

  private file(hashes: readonly string[]): string {
    const name = createHash('sha256').update(this.stamp).update(hashes.join('\n')).digest('hex').slice(0, 32);
    return join(this.folder, `${name}.npy`);
  }
}
