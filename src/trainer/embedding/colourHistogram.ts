import { SOURCE_SIZE } from './pixels';

const LEVELS = 4;
export const HISTOGRAM_DIMS = LEVELS ** 3;

/** For each value of a channel: the level below it, and how much of it belongs to the level above. */
const LEVEL_BELOW = new Int32Array(256);
const LEVEL_SHARE = new Float64Array(256);
for (let value = 0; value < 256; value++) {
  const position = (value / 255) * (LEVELS - 1);
  LEVEL_BELOW[value] = Math.min(Math.floor(position), LEVELS - 2);
  LEVEL_SHARE[value] = position - LEVEL_BELOW[value];
}

/**
 * Which colours a picture has: 4 x 4 x 4 levels of red, green and blue, each pixel shared among the eight nearest (so that a
 * slightly different shade is a slightly different histogram). `histogram` (zeros, `HISTOGRAM_DIMS`) then sums to 1.
 */
export function colourHistogram(pixels: Uint8Array, from: number, histogram: Float32Array): void {
  const area = SOURCE_SIZE * SOURCE_SIZE;
  for (let i = 0, p = from; i < area; i++, p += 3) {
    const red = LEVEL_SHARE[pixels[p]];
    const green = LEVEL_SHARE[pixels[p + 1]];
    const blue = LEVEL_SHARE[pixels[p + 2]];
    const below = (LEVEL_BELOW[pixels[p]] * LEVELS + LEVEL_BELOW[pixels[p + 1]]) * LEVELS + LEVEL_BELOW[pixels[p + 2]];
    for (let corner = 0; corner < 8; corner++) {
      const r = corner >> 2;
      const g = (corner >> 1) & 1;
      const b = corner & 1;
      const weight = (r ? red : 1 - red) * (g ? green : 1 - green) * (b ? blue : 1 - blue);
      histogram[below + (r * LEVELS + g) * LEVELS + b] += weight / area;
    }
  }
}
