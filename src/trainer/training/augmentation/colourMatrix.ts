const CHANNELS = 3;

/** Luma of ITU-R BT.601, from red, green and blue. */
export const LUMA = [0.299, 0.587, 0.114] as const;

/** What becomes of a pixel's red, green and blue: nine factors, row by row. */
export type ColourMatrix = readonly number[];

export const SAME_COLOURS: ColourMatrix = [1, 0, 0, 0, 1, 0, 0, 0, 1];

/** First `first`, then `second`. */
export function multiply(first: ColourMatrix, second: ColourMatrix): ColourMatrix {
  return SAME_COLOURS.map((_, i) => {
    const [row, column] = [CHANNELS * Math.floor(i / CHANNELS), i % CHANNELS];
    return second[row] * first[column] + second[row + 1] * first[column + 3] + second[row + 2] * first[column + 6];
  });
}

/** Changes every pixel in place: by the matrix, plus the same light for all three colours, cut off at 0 and 1. */
export function recolour(pixels: Float32Array, matrix: ColourMatrix, light: number): void {
  const [a, b, c, d, e, f, g, h, i] = matrix;
  for (let at = 0; at < pixels.length; at += CHANNELS) {
    const red = pixels[at];
    const green = pixels[at + 1];
    const blue = pixels[at + 2];
    pixels[at] = within(a * red + b * green + c * blue + light);
    pixels[at + 1] = within(d * red + e * green + f * blue + light);
    pixels[at + 2] = within(g * red + h * green + i * blue + light);
  }
}

function within(value: number): number {
  return value < 0 ? 0 : value > 1 ? 1 : value;
}

export function meanLuma(pixels: Float32Array): number {
  const [red, green, blue] = LUMA;
  let sum = 0;
  for (let i = 0; i < pixels.length; i += CHANNELS) {
    sum += red * pixels[i] + green * pixels[i + 1] + blue * pixels[i + 2];
  }
  return (sum * CHANNELS) / pixels.length;
}
