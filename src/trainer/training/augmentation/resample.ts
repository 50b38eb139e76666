import type { Affine } from './affine';

const CHANNELS = 3;

/**
 * One pass for all that moves pixels: each output pixel is interpolated bilinearly between the four that surround the place where
 * `where` looks for it. Beyond the border, the picture goes on with the colours of its border.
 * @param source uint8 RGB, `size` x `size`, row-major; `target` the same as float32 from 0 to 1.
 */
export function resample(source: Uint8Array, target: Float32Array, size: number, where: Affine): void {
  const [a, b, c, d, e, f] = where;
  if (b === 0 && d === 0) resampleUpright(source, target, size, tapsOf(size, a, c), tapsOf(size, e, f));
  else resampleTurned(source, target, size, where);
}

/** Where each pixel of a side comes from: the first value of the lower and the upper neighbour, and the share of the upper. */
interface Taps {
  readonly lower: Int32Array;
  readonly upper: Int32Array;
  readonly share: Float32Array;
}

function tapsOf(size: number, factor: number, offset: number): Taps {
  const lower = new Int32Array(size);
  const upper = new Int32Array(size);
  const share = new Float32Array(size);
  for (let i = 0; i < size; i++) {
    const at = inside((factor * ((i + 0.5) / size - 0.5) + offset + 0.5) * size - 0.5, size);
    lower[i] = Math.floor(at);
    upper[i] = Math.min(lower[i] + 1, size - 1);
    share[i] = at - lower[i];
  }
  return { lower, upper, share };
}

function inside(at: number, size: number): number {
  return at < 0 ? 0 : at > size - 1 ? size - 1 : at;
}

function resampleUpright(source: Uint8Array, target: Float32Array, size: number, columns: Taps, rows: Taps): void {
  let out = 0;
  for (let y = 0; y < size; y++) {
    const above = rows.lower[y] * size;
    const below = rows.upper[y] * size;
    const down = rows.share[y];
    for (let x = 0; x < size; x++, out += CHANNELS) {
      const left = columns.lower[x];
      const right = columns.upper[x];
      mix(source, above + left, above + right, below + left, below + right, columns.share[x], down, target, out);
    }
  }
}

function resampleTurned(source: Uint8Array, target: Float32Array, size: number, [a, b, c, d, e, f]: Affine): void {
  let out = 0;
  for (let y = 0; y < size; y++) {
    const v = (y + 0.5) / size - 0.5;
    for (let x = 0; x < size; x++, out += CHANNELS) {
      const u = (x + 0.5) / size - 0.5;
      const across = inside((a * u + b * v + c + 0.5) * size - 0.5, size);
      const down = inside((d * u + e * v + f + 0.5) * size - 0.5, size);
      const left = Math.floor(across);
      const top = Math.floor(down);
      const right = left + 1 < size ? left + 1 : left;
      const above = top * size;
      const below = top + 1 < size ? above + size : above;
      mix(source, above + left, above + right, below + left, below + right, across - left, down - top, target, out);
    }
  }
}

/** The mixture of four pixels, by their numbers, into three values at `out`. */
function mix(
  source: Uint8Array,
  a: number,
  b: number,
  c: number,
  d: number,
  across: number,
  down: number,
  target: Float32Array,
  out: number,
): void {
  for (let k = 0; k < CHANNELS; k++) {
    const topLeft = source[a * CHANNELS + k];
    const bottomLeft = source[c * CHANNELS + k];
    const high = topLeft + (source[b * CHANNELS + k] - topLeft) * across;
    const low = bottomLeft + (source[d * CHANNELS + k] - bottomLeft) * across;
    target[out + k] = (high + (low - high) * down) / 255;
  }
}
