import { simHash } from '../text/simHash';
import type { ImageFacts } from './imageFacts';
import { hashContent, readContent } from './imageReader';
import { decodeText } from './textFormat';

/**
 * Reads a text file once: content hash, number of characters and of lines in the place of width and height, and SimHash in the place of the
 * perceptual hash.
 * @throws UnusableFile
 */
export async function readTextFacts(path: string, size: number): Promise<ImageFacts> {
  const content = await readContent(path, size);
  const text = decodeText(content);
  return { hash: await hashContent(content), ...measures(text) };
}

/** The same for the text of a row. */
export async function textFacts(text: string): Promise<ImageFacts> {
  return { hash: await hashContent(Buffer.from(text)), ...measures(text) };
}

function measures(text: string): Omit<ImageFacts, 'hash'> {
  return { width: text.length, height: text.split('\n').length, perceptualHash: simHash(text) };
}
