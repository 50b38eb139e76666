import { type OpenPicture } from './imageReader';

/** Pictures at most this much longer than wide (or wider than long) are stretched to the square; others keep their shape. */
export const MAX_STRETCH = 1.5;

/** A small picture: RGB, uint8, row by row. */
export interface RgbPicture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** The picture within `size` x `size` pixels, on white where it is transparent, stretched or not as `toSquare` needs it. */
export async function shrink(picture: OpenPicture, size: number): Promise<RgbPicture> {
  const { width, height } = shrunkSize(picture.width, picture.height, size);
  const { data, info } = await picture.image
    .resize(width, height, { fit: 'fill' })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return { width, height, data: composeOnWhite(data, width * height, info.channels) };
}

function shrunkSize(width: number, height: number, size: number): { width: number; height: number } {
  if (Math.max(width, height) <= MAX_STRETCH * Math.min(width, height)) return { width: size, height: size };
  const scale = size / Math.max(width, height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** Grey, grey with alpha, RGB or RGBA to RGB. */
function composeOnWhite(data: Uint8Array, pixels: number, channels: number): Uint8Array {
  if (channels === 3) return data;
  const rgb = new Uint8Array(pixels * 3);
  const hasAlpha = channels === 2 || channels === 4;
  const green = channels >= 3 ? 1 : 0;
  for (let i = 0, from = 0, to = 0; i < pixels; i++, from += channels, to += 3) {
    const alpha = hasAlpha ? data[from + channels - 1] : 255;
    const white = 255 * (255 - alpha) + 127; // The half makes the division below round.
    rgb[to] = (data[from] * alpha + white) / 255;
    rgb[to + 1] = (data[from + green] * alpha + white) / 255;
    rgb[to + 2] = (data[from + 2 * green] * alpha + white) / 255;
  }
  return rgb;
}

/** A square of `size` pixels; a long picture lies in the middle of its own mean colour. */
export function toSquare(picture: RgbPicture, size: number): Uint8Array {
  if (picture.width === size && picture.height === size) return picture.data;
  const square = new Uint8Array(size * size * 3);
  const [red, green, blue] = meanColour(picture.data);
  for (let i = 0; i < square.length; i += 3) {
    square[i] = red;
    square[i + 1] = green;
    square[i + 2] = blue;
  }
  const left = (size - picture.width) >> 1;
  const top = (size - picture.height) >> 1;
  const stride = picture.width * 3;
  for (let y = 0; y < picture.height; y++)
    square.set(picture.data.subarray(y * stride, (y + 1) * stride), ((top + y) * size + left) * 3);
  return square;
}

function meanColour(rgb: Uint8Array): [number, number, number] {
  const sums: [number, number, number] = [0, 0, 0];
  for (let i = 0; i < rgb.length; i += 3) {
    sums[0] += rgb[i];
    sums[1] += rgb[i + 1];
    sums[2] += rgb[i + 2];
  }
  const mean = (sum: number): number => Math.round((sum * 3) / rgb.length);
  return [mean(sums[0]), mean(sums[1]), mean(sums[2])];
}

/** Brightness (Rec. 601 luma, 0 to 255) averaged over the cells of a `side` x `side` grid laid over the whole picture. */
export function lumaGrid({ width, height, data }: RgbPicture, side: number): Float32Array {
  const rows = new Float32Array(height * side);
  for (let y = 0; y < height; y++) averageLine(lumaOfRow(data, y, width), rows, y * side, 1, side);
  const grid = new Float32Array(side * side);
  const column = new Float32Array(height);
  for (let x = 0; x < side; x++) {
    for (let y = 0; y < height; y++) column[y] = rows[y * side + x];
    averageLine(column, grid, x, side, side);
  }
  return grid;
}

function lumaOfRow(rgb: Uint8Array, y: number, width: number): Float32Array {
  const luma = new Float32Array(width);
  for (let x = 0, i = y * width * 3; x < width; x++, i += 3)
    luma[x] = 0.299 * rgb[i] + 0.587 * rgb[i + 1] + 0.114 * rgb[i + 2];
  return luma;
}

/** Averages a line over `cells` equal cells; a value on the border of two cells counts in each by its share. */
function averageLine(line: Float32Array, into: Float32Array, start: number, step: number, cells: number): void {
  const width = line.length / cells;
  for (let cell = 0; cell < cells; cell++) {
    const from = cell * width;
    const to = from + width;
    let sum = 0;
    for (let i = Math.floor(from); i < to && i < line.length; i++)
      sum += line[i] * (Math.min(to, i + 1) - Math.max(from, i));
    into[start + cell * step] = sum / width;
  }
}
