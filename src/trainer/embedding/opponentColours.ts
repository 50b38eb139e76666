import { SOURCE_SIZE } from './pixels';

const AREA = SOURCE_SIZE * SOURCE_SIZE;

/** A picture as three planes of 64 x 64: brightness 0..1, red against green and blue against yellow around 0. */
export type Planes = readonly [Float32Array, Float32Array, Float32Array];

export function emptyPlanes(): Planes {
  return [new Float32Array(AREA), new Float32Array(AREA), new Float32Array(AREA)];
}

/**
 * Splits a picture into brightness (the luma of ITU-R BT.601) and two opponent colours, R - G and B - (R + G) / 2, scaled so
 * that a change of colour weighs about as much as a change of brightness.
 */
export function opponentColours(pixels: Uint8Array, from: number, [light, red, blue]: Planes): void {
  for (let i = 0, p = from; i < AREA; i++, p += 3) {
    const r = pixels[p] / 255;
    const g = pixels[p + 1] / 255;
    const b = pixels[p + 2] / 255;
    light[i] = 0.299 * r + 0.587 * g + 0.114 * b;
    red[i] = 0.7 * (r - g);
    blue[i] = 0.6 * (b - 0.5 * (r + g));
  }
}
