import { createHash } from 'node:crypto';
import { inSlices } from '../store/slices';
import type { CategoryColumn } from '../types/dataset';
import { categoryColumn } from './categoryColumn';
import { type ImageFacts } from './imageFacts';

/** All items of a dataset, column by column; an item is its row. */
export interface ItemTable {
  readonly count: number;
  /** First 128 bits of the SHA-256 of the content, as 32 hexadecimal digits. */
  readonly hashes: readonly string[];
  /** Relative to the root, with forward slashes. */
  readonly paths: readonly string[];
  readonly label: CategoryColumn;
  readonly split: CategoryColumn;
  readonly metadata: readonly MetadataColumn[];
  readonly bytes: Float64Array;
  /** When the file was last changed, in milliseconds since 1970. */
  readonly modified: Float64Array;
  readonly widths: Int32Array;
  readonly heights: Int32Array;
  readonly perceptualHashes: BigUint64Array;
  /** Changes whenever an item is added, removed, moved, or changes its content. */
  readonly fingerprint: string;
}

/** One text an item, empty where the item has none. */
export interface MetadataColumn {
  readonly name: string;
  readonly values: readonly string[];
}

/** One item before it is in a table. */
export interface ItemRecord {
  readonly path: string;
  readonly label: string | undefined;
  readonly split: string | undefined;
  readonly bytes: number;
  readonly modified: number;
  readonly facts: ImageFacts;
}

export async function buildItemTable(
  records: readonly ItemRecord[],
  metadata: readonly MetadataColumn[],
): Promise<ItemTable> {
  const count = records.length;
  const bytes = new Float64Array(count);
  const modified = new Float64Array(count);
  const widths = new Int32Array(count);
  const heights = new Int32Array(count);
  const perceptualHashes = new BigUint64Array(count);
  await inSlices(count, (i) => {
    const { facts } = records[i];
    bytes[i] = records[i].bytes;
    modified[i] = records[i].modified;
    widths[i] = facts.width;
    heights[i] = facts.height;
    perceptualHashes[i] = facts.perceptualHash;
  });
  const paths = records.map((record) => record.path);
  const hashes = records.map((record) => record.facts.hash);
  const label = await categoryColumn(
    'label',
    records.map((record) => record.label),
  );
  const split = await categoryColumn(
    'split',
    records.map((record) => record.split),
  );
  const fingerprint = await fingerprintOf(hashes, paths);
  return {
    count,
    hashes,
    paths,
    label,
    split,
    metadata,
    bytes,
    modified,
    widths,
    heights,
    perceptualHashes,
    fingerprint,
  };
}

/** 128 bits of the SHA-256 of every item's hash and path, in order. */
async function fingerprintOf(hashes: readonly string[], paths: readonly string[]): Promise<string> {
  const digest = createHash('sha256');
  await inSlices(hashes.length, (i) => void digest.update(`${hashes[i]} ${paths[i]}\n`));
  return digest.digest('hex').slice(0, 32);
}
