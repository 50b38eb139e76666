import { type OpenPicture } from './imageReader';

/** Pictures at most this much longer than wide (or wider than long) are stretched to the square; others keep their shape. */
const MAX_STRETCH = 1.5;

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
  const colours = channels >= 3 ? 3 : 1;
  const hasAlpha = channels === 2 || channels === 4;
  for (let i = 0; i < pixels; i++) {
    const alpha = hasAlpha ? data[i * channels + colours] : 255;
    for (let c = 0; c < 3; c++) {
      const value = data[i * channels + Math.min(c, colours - 1)];
      rgb[i * 3 + c] = Math.round((value * alpha + 255 * (255 - alpha)) / 255);
    }
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
export function lumaGrid(picture: RgbPicture, side: number): Float32Array {
  const columns = overlaps(picture.width, side);
  const rows = overlaps(picture.height, side);
  const grid = new Float32Array(side * side);
  for (let gy = 0; gy < side; gy++) {
    for (let gx = 0; gx < side; gx++) {
      let sum = 0;
      for (const [y, down] of rows[gy]) {
        for (const [x, across] of columns[gx]) {
          const i = (y * picture.width + x) * 3;
          const luma = 0.299 * picture.data[i] + 0.587 * picture.data[i + 1] + 0.114 * picture.data[i + 2];
          sum += luma * down * across;
        }
      }
      grid[gy * side + gx] = sum;
    }
  }
  return grid;
}

type Overlap = readonly [pixel: number, share: number];
const overlapsOf = new Map<number, Overlap[][]>();

/** Which pixels each of `side` equal cells covers along one axis, and by what share of the cell. */
function overlaps(pixels: number, side: number): Overlap[][] {
  const key = pixels * 4096 + side;
  const known = overlapsOf.get(key);
  if (known) return known;
  const cell = pixels / side;
  const cells = Array.from({ length: side }, (_, i) => {
    const start = i * cell;
    const end = start + cell;
    const covered: Overlap[] = [];
    for (let p = Math.floor(start); p < Math.min(Math.ceil(end), pixels); p++) {
      const share = (Math.min(end, p + 1) - Math.max(start, p)) / cell;
      if (share > 1e-9) covered.push([p, share]);
    }
    return covered;
  });
  overlapsOf.set(key, cells);
  return cells;
}
