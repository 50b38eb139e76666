import { normaliseRange } from './normalise';

/** Width and height of the pictures that the hand-made embeddings are made from. */
export const SOURCE_SIZE = 64;

const SIZE = 32;
export const PIXEL_DIMS = SIZE * SIZE * 3;

/**
 * Raw pixels as an embedding: the baseline that every model is measured against. A picture is reduced to 32 x 32 by the mean
 * of each 2 x 2 block, its channels scaled to 0..1 and flattened (row-major, RGB), and the row L2-normalised. Nothing is
 * centred or whitened, so that the baseline is what anyone gets by comparing the pictures themselves.
 *
 * @param pixels `count` pictures of 64 x 64, RGB, uint8, row-major NHWC
 * @returns `count` rows of `PIXEL_DIMS`; a black picture is a row of zeros
 */
export function embedPixels(pixels: Uint8Array, count: number): Float32Array {
  const rows = new Float32Array(count * PIXEL_DIMS);
  for (let i = 0; i < count; i++) {
    halve(pixels, i * SOURCE_SIZE * SOURCE_SIZE * 3, rows, i * PIXEL_DIMS);
    normaliseRange(rows, i * PIXEL_DIMS, (i + 1) * PIXEL_DIMS);
  }
  return rows;
}

function halve(pixels: Uint8Array, from: number, rows: Float32Array, to: number): void {
  const line = SOURCE_SIZE * 3;
  for (let y = 0; y < SIZE; y++) {
    for (let x = 0; x < SIZE; x++) {
      const source = from + 2 * y * line + 2 * x * 3;
      const target = to + (y * SIZE + x) * 3;
      for (let c = 0; c < 3; c++) {
        const p = source + c;
        rows[target + c] = (pixels[p] + pixels[p + 3] + pixels[p + line] + pixels[p + line + 3]) / (4 * 255);
      }
    }
  }
}
