import { createHash, webcrypto } from 'node:crypto';
import sharp, { type Sharp } from 'sharp';
import { Mutex } from '../store/concurrency';
import { fileErrorCode, files } from '../store/files';
import { UnusableFile } from './fileProblem';
import { isLfsPointer, isReadableFormat, looksLikeText, sniffFormat } from './imageFormat';

/** Parallel work is done by having several files in flight, not by threads within one small picture. */
sharp.concurrency(1);
/** libvips keeps recent operations for reuse; here every file is seen once. */
sharp.cache(false);

const MAX_BYTES = 2 ** 30;
const MAX_PIXELS = 2 ** 29;
/** Pictures above this are decoded one at a time, so that memory stays bounded. */
const BIG_PIXELS = 2 ** 25;
const bigPictures = new Mutex();

const AGAIN = 'Copy the file again from where it came from, or delete it.';

/**
 * The bytes of a file.
 * @param size what the file is known to have, so that a huge one is not read.
 * @throws UnusableFile when it is not there, not a file, empty, too large, or may not be read.
 */
export async function readContent(path: string, size: number): Promise<Buffer> {
  if (size > MAX_BYTES)
    throw new UnusableFile(`has ${size} bytes; at most ${MAX_BYTES} can be read`, 'Make it smaller.', true);
  const content = await files()
    .readFile(path)
    .catch((error: unknown) => {
      throw toUnusable(error);
    });
  if (content.byteLength === 0) throw new UnusableFile('is empty (0 bytes)', AGAIN, true);
  return content;
}

/** Says what a failed look at a file means; an `UnusableFile` is given back as it is. */
export function toUnusable(error: unknown): UnusableFile {
  if (error instanceof UnusableFile) return error;
  switch (fileErrorCode(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new UnusableFile('does not exist', 'Put the file there, or take its name out of the dataset.');
    case 'EACCES':
    case 'EPERM':
      return new UnusableFile('may not be read (permission denied)', 'Give yourself the right to read the file.');
    case 'EISDIR':
      return new UnusableFile('is a folder, not an image', 'Rename the folder, or put the image there.');
    case 'ENAMETOOLONG':
      return new UnusableFile('has a longer name than this disk allows', 'Give the file a shorter name.');
    case 'ELOOP':
      return new UnusableFile('is a link that leads back to itself', 'Delete the link, or make it name a file.');
    default:
      return new UnusableFile(`could not be read: ${error instanceof Error ? error.message : String(error)}`, AGAIN);
  }
}

/** First 128 bits of the SHA-256, as 32 hexadecimal digits. Long contents are hashed off the main thread. */
export async function hashContent(content: Buffer): Promise<string> {
  if (content.byteLength < 1 << 19) return createHash('sha256').update(content).digest('hex').slice(0, 32);
  return Buffer.from(await webcrypto.subtle.digest('SHA-256', content))
    .toString('hex')
    .slice(0, 32);
}

/** A picture as stored, before it is made smaller: upright (its EXIF orientation applied), first frame only. */
export interface OpenPicture {
  readonly width: number;
  readonly height: number;
  readonly image: Sharp;
}

/**
 * Opens a picture and lets `use` work on it. Every failure of the decoder becomes an `UnusableFile` that says what is wrong
 * with the content.
 */
export async function withPicture<T>(content: Buffer, use: (picture: OpenPicture) => Promise<T>): Promise<T> {
  try {
    const image = sharp(content, { failOn: 'error', limitInputPixels: MAX_PIXELS, autoOrient: true });
    const { autoOrient } = await image.metadata();
    const picture = { width: autoOrient.width, height: autoOrient.height, image };
    const isBig = picture.width * picture.height > BIG_PIXELS;
    return await (isBig ? bigPictures.run(() => use(picture)) : use(picture));
  } catch (error) {
    throw explain(content, error);
  }
}

/** Why a content could not be decoded. */
function explain(content: Buffer, error: unknown): UnusableFile {
  if (error instanceof UnusableFile) return error;
  const detail = (error instanceof Error ? error.message : String(error)).split('\n')[0];
  if (detail.includes('exceeds pixel limit')) {
    const limit = `at most ${Math.floor(MAX_PIXELS / 1e6)} million can be read`;
    return new UnusableFile(`has too many pixels; ${limit}`, 'Scale the picture down, or cut it into tiles.', true);
  }
  if (isLfsPointer(content))
    return new UnusableFile('is a Git LFS pointer, not the image itself', 'Run "git lfs pull".', true);
  const format = sniffFormat(content);
  if (format !== undefined && !isReadableFormat(format))
    return new UnusableFile(`is a ${format} file, which cannot be read`, 'Convert it to PNG, JPEG or WebP.', true);
  if (format !== undefined)
    return new UnusableFile(`is a ${format} image that is cut short or damaged (${detail})`, AGAIN, true);
  const what = looksLikeText(content) ? 'is text' : 'is of an unknown format';
  const remedy = 'Put the real image there, or delete the file.';
  return new UnusableFile(`${what}; it is not an image although its name says so`, remedy, true);
}
