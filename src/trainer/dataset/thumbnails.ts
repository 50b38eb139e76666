import { join } from 'node:path';
import { type Sharp } from 'sharp';
import { KindredError } from '../../rpc/errors';
import { writeFileAtomic } from '../store/atomic';
import { FILES_AT_ONCE, mapConcurrently } from '../store/concurrency';
import { files } from '../store/files';
import { type Dataset } from './dataset';
import { UnusableFile } from './fileProblem';
import { hashContent, readContent, withPicture } from './imageReader';

const MAX_SIZE = 2048;
const QUALITY = 82;

/**
 * WebP pictures that fit in `size` x `size` pixels, never larger than the original, transparent where it is; `undefined` where
 * the file is gone or broken. They are kept by content, so that the same picture is made once.
 */
export async function thumbnails(
  dataset: Dataset,
  items: readonly number[],
  size: number,
): Promise<(Uint8Array | undefined)[]> {
  if (!Number.isInteger(size) || size < 1 || size > MAX_SIZE) {
    const remedy = `Choose a whole number from 1 to ${MAX_SIZE}.`;
    throw new KindredError('invalid-argument', `A thumbnail cannot be ${size} pixels wide.`, { remedy });
  }
  return mapConcurrently(items, FILES_AT_ONCE, (item) => thumbnail(dataset, item, size));
}

async function thumbnail(dataset: Dataset, item: number, size: number): Promise<Uint8Array | undefined> {
  const absolute = dataset.absolutePath(item);
  const hash = dataset.items.hashes[item];
  const cached = join(dataset.paths.thumbnails, hash.slice(0, 2), `${hash}-${size}.webp`);
  const kept = await files()
    .readFile(cached)
    .catch(() => undefined);
  if (kept !== undefined && isWebp(kept)) return kept;
  try {
    const content = await readContent(absolute, dataset.items.bytes[item]);
    const made = await withPicture(content, ({ image }) => shrinkToWebp(image, size));
    // A cache that cannot be written must not keep a person from seeing the picture.
    if ((await hashContent(content)) === hash)
      await writeFileAtomic(cached, made, { durable: false }).catch(() => undefined);
    return made;
  } catch (error) {
    if (error instanceof UnusableFile) return undefined;
    throw error;
  }
}

function shrinkToWebp(image: Sharp, size: number): Promise<Uint8Array> {
  return image
    .resize(size, size, { fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
    .webp({ quality: QUALITY, effort: 2 })
    .toBuffer();
}

/** The whole file: its length is written in its head, so what a power cut has left does not pass. */
function isWebp(bytes: Buffer): boolean {
  return bytes.length > 12 && bytes.toString('latin1', 8, 12) === 'WEBP' && bytes.readUInt32LE(4) + 8 === bytes.length;
}
