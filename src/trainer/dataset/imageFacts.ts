import { hashContent, readContent, withPicture } from './imageReader';
import { perceptualHash } from './perceptualHash';
import { lumaGrid, shrink, toSquare } from './squarePixels';

/** What one reading of a file tells of it. */
export interface ImageFacts {
  readonly hash: string;
  readonly width: number;
  readonly height: number;
  readonly perceptualHash: bigint;
}

/** Width and height of the pixels that every opened dataset has at once. */
export const FIRST_SIZE = 64;

/**
 * Reads a file once: content hash, size, perceptual hash and small pixels.
 * @throws UnusableFile
 */
export async function readImage(path: string, size: number): Promise<ImageFacts & { readonly pixels: Uint8Array }> {
  const content = await readContent(path, size);
  const hash = await hashContent(content);
  return withPicture(content, async (picture) => {
    const small = await shrink(picture, FIRST_SIZE);
    return {
      hash,
      width: picture.width,
      height: picture.height,
      perceptualHash: perceptualHash(lumaGrid(small, 32)),
      pixels: toSquare(small, FIRST_SIZE),
    };
  });
}
