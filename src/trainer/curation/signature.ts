import type { PixelStore } from '../dataset/pixels';
import type { Pace } from './pace';

/** Side of a signature in pixels. */
const SIDE = 16;
const CHANNELS = 3;
const AREA = SIDE * SIDE;
const LENGTH = AREA * CHANNELS;
const CHUNK = 256;

/** Root mean square difference (of 255) that is noise of compression, however flat a picture is. */
const NOISE = 3;
/** Share of its own spread in which a picture may differ from its duplicate: in brightness, and in each kind of colour. */
const LUMA_SHARE = 0.5;
const COLOUR_SHARE = 0.15;

/**
 * Small colour pictures with which a perceptual hash is confirmed: *the hash proposes, the pixels agree or not*.
 *
 * A perceptual hash holds only signs of the structure of grey values. That of a flat picture (one colour, a scan of an empty
 * page) carries no information: all flat pictures have like hashes, whatever their colour; and two flags with three bars
 * have the same one. So two pictures whose hashes are near count as alike only when the root mean square difference of their
 * 16 x 16 pictures is at most `3 + 0.5 * spread` in luma and `3 + 0.15 * spread` in each chroma, where `spread` is the standard
 * deviation over the area (of the picture with less of it; root mean square over red, green and blue). What differs must be
 * small against the structure that the hash compared: a picture with contrast may be darker, recompressed or slightly
 * cropped, but hardly of another colour; two flat ones must have the same colour.
 */
export class Signatures {
  /** Luma, then blue and red chroma, of each row. */
  private readonly planes: Uint8Array;
  private readonly spread: Float32Array;
  private readonly means: Float32Array;

  constructor(count: number) {
    this.planes = new Uint8Array(count * LENGTH);
    this.spread = new Float32Array(count);
    this.means = new Float32Array(count * CHANNELS);
  }

  /** Reads the pixels of `items`; row i of the signatures is that of the i-th. The store's size must be a multiple of 16. */
  static async read(store: PixelStore, items: readonly number[], pace: Pace): Promise<Signatures> {
    const signatures = new Signatures(items.length);
    const bytes = store.size * store.size * CHANNELS;
    for (let start = 0; start < items.length; start += CHUNK) {
      const part = items.slice(start, start + CHUNK);
      const pixels = await store.read(part);
      for (let row = 0; row < part.length; row++) {
        signatures.set(start + row, pixels.subarray(row * bytes, (row + 1) * bytes), store.size);
        if (pace.due()) await pace.breathe(start + row);
      }
    }
    return signatures;
  }

  /** Sets a row from an RGB picture of `size` x `size` pixels. */
  set(row: number, picture: Uint8Array, size: number): void {
    const cell = size / SIDE;
    const small = new Float32Array(LENGTH);
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        const to = (Math.floor(y / cell) * SIDE + Math.floor(x / cell)) * CHANNELS;
        const from = (y * size + x) * CHANNELS;
        for (let channel = 0; channel < CHANNELS; channel++) {
          small[to + channel] += picture[from + channel] / (cell * cell);
        }
      }
    }
    this.spread[row] = spreadOf(small);
    const start = row * LENGTH;
    for (let pixel = 0; pixel < AREA; pixel++) {
      const [r, g, b] = small.subarray(pixel * CHANNELS);
      const luma = 0.299 * r + 0.587 * g + 0.114 * b; // ITU-R BT.601, as in JPEG
      this.planes[start + pixel] = Math.round(luma);
      this.planes[start + AREA + pixel] = Math.round(128 + 0.564 * (b - luma));
      this.planes[start + 2 * AREA + pixel] = Math.round(128 + 0.713 * (r - luma));
    }
    for (let plane = 0; plane < CHANNELS; plane++) {
      const values = this.planes.subarray(start + plane * AREA, start + (plane + 1) * AREA);
      this.means[row * CHANNELS + plane] = values.reduce((sum, value) => sum + value, 0) / AREA;
    }
  }

  agree(a: number, b: number): boolean {
    const spread = Math.min(this.spread[a], this.spread[b]);
    const limit = (plane: number): number => NOISE + (plane === 0 ? LUMA_SHARE : COLOUR_SHARE) * spread;
    for (let plane = 0; plane < CHANNELS; plane++) {
      // The difference of the means is at most the root mean square difference: a cheap no.
      const difference = this.means[a * CHANNELS + plane] - this.means[b * CHANNELS + plane];
      if (Math.abs(difference) > limit(plane) + 1e-3) return false;
    }
    for (let plane = 0; plane < CHANNELS; plane++) {
      const most = limit(plane) ** 2 * AREA;
      if (this.squares(a * LENGTH + plane * AREA, b * LENGTH + plane * AREA) > most) return false;
    }
    return true;
  }

  private squares(i: number, j: number): number {
    const { planes } = this;
    let sum = 0;
    for (const end = i + AREA; i < end; i++, j++) {
      const difference = planes[i] - planes[j];
      sum += difference * difference;
    }
    return sum;
  }
}

/** Root mean square over the channels of their standard deviations over the area. */
function spreadOf(picture: Float32Array): number {
  let variance = 0;
  for (let channel = 0; channel < CHANNELS; channel++) {
    let sum = 0;
    let squares = 0;
    for (let at = channel; at < LENGTH; at += CHANNELS) {
      sum += picture[at];
      squares += picture[at] * picture[at];
    }
    variance += Math.max(0, squares / AREA - (sum / AREA) ** 2) / CHANNELS;
  }
  return Math.sqrt(variance);
}
