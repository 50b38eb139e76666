import type { PixelStore } from '../dataset/pixels';
import type { Pace } from './pace';

/** Side of a signature in pixels. */
const SIDE = 16;
const CHANNELS = 3;
const LENGTH = SIDE * SIDE * CHANNELS;
const CHUNK = 256;

/** Root mean square difference (of 255) that is noise of compression, however flat a picture is. */
const NOISE = 3;
/** Share of its own spread in which a picture may differ from its duplicate. */
const SHARE = 0.5;

/**
 * Small colour pictures with which a perceptual hash is confirmed: *the hash proposes, the pixels agree or not*.
 *
 * A perceptual hash holds only signs of the structure of grey values. That of a flat picture (one colour, a scan of an empty
 * page) carries no information: all flat pictures have like hashes, whatever their colour; and a red and a blue version
 * of one icon have the same. So two pictures whose hashes are near count as alike only when the root mean square difference
 * of their 16 x 16 colour pictures is at most `3 + 0.5 * spread`, where `spread` is the standard deviation over the area (of the
 * picture with less of it, each channel about its own mean). What differs must be small against the structure that the hash
 * compared: a picture with contrast may be darker, recompressed or slightly cropped, two flat ones must have the same colour.
 */
export class Signatures {
  private readonly pixels: Uint8Array;
  private readonly spread: Float32Array;
  private readonly means: Float32Array;

  constructor(count: number) {
    this.pixels = new Uint8Array(count * LENGTH);
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
    const out = this.pixels.subarray(row * LENGTH, (row + 1) * LENGTH);
    for (let y = 0; y < SIDE; y++) {
      for (let x = 0; x < SIDE; x++) {
        for (let channel = 0; channel < CHANNELS; channel++) {
          let sum = 0;
          for (let v = y * cell; v < (y + 1) * cell; v++) {
            for (let u = x * cell; u < (x + 1) * cell; u++) sum += picture[(v * size + u) * CHANNELS + channel];
          }
          out[(y * SIDE + x) * CHANNELS + channel] = Math.round(sum / (cell * cell));
        }
      }
    }
    this.measure(row, out);
  }

  agree(a: number, b: number): boolean {
    const limit = NOISE + SHARE * Math.min(this.spread[a], this.spread[b]);
    const most = limit * limit * LENGTH;
    // The difference of the means is at most the root mean square difference: a cheap no.
    let sum = 0;
    for (let channel = 0; channel < CHANNELS; channel++) {
      const difference = this.means[a * CHANNELS + channel] - this.means[b * CHANNELS + channel];
      sum += difference * difference;
    }
    if (sum * SIDE * SIDE > most * (1 + 1e-4)) return false;
    sum = 0;
    const { pixels } = this;
    for (let i = a * LENGTH, j = b * LENGTH, end = i + LENGTH; i < end; i++, j++) {
      const difference = pixels[i] - pixels[j];
      sum += difference * difference;
    }
    return sum <= most;
  }

  private measure(row: number, picture: Uint8Array): void {
    let variance = 0;
    for (let channel = 0; channel < CHANNELS; channel++) {
      let sum = 0;
      let squares = 0;
      for (let at = channel; at < LENGTH; at += CHANNELS) {
        sum += picture[at];
        squares += picture[at] * picture[at];
      }
      const mean = sum / (SIDE * SIDE);
      this.means[row * CHANNELS + channel] = mean;
      variance += Math.max(0, squares / (SIDE * SIDE) - mean * mean) / CHANNELS;
    }
    this.spread[row] = Math.sqrt(variance);
  }
}
