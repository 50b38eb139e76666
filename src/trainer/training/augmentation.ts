import type { Random } from '../random';
import type { AugmentationSettings } from '../types/training';

const CHANNELS = 3;
/** A crop's sides differ by this factor at most. */
const LARGEST_ASPECT = 4 / 3;
/** Luma of ITU-R BT.601. */
const RED = 0.299;
const GREEN = 0.587;
const BLUE = 0.114;

/** What is done to one picture. The crop is in shares of the picture's side. */
interface View {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly flip: boolean;
  readonly brightness: number;
  readonly contrast: number;
  readonly saturation: number;
}

/**
 * Random views of pictures: crop and resize (bilinear), flip, brightness, contrast and saturation, grey.
 * @param pixels uint8 RGB, `size` x `size`, row-major, one picture after the other.
 * @returns the same layout as float32 from 0 to 1.
 */
export function augment(
  pixels: Uint8Array,
  size: number,
  settings: AugmentationSettings,
  random: Random,
): Float32Array {
  const length = size * size * CHANNELS;
  const output = new Float32Array(pixels.length);
  for (let start = 0; start < pixels.length; start += length) {
    const view = drawView(settings, random);
    const target = output.subarray(start, start + length);
    resample(pixels.subarray(start, start + length), target, size, view);
    recolour(target, view);
  }
  return output;
}

/** Always draws the same number of values, so that one setting does not shift the others' randomness. */
function drawView(settings: AugmentationSettings, random: Random): View {
  const area = settings.crop + (1 - settings.crop) * random.next();
  const aspect = Math.exp(Math.log(LARGEST_ASPECT) * (2 * random.next() - 1));
  const crops = settings.crop < 1;
  const width = crops ? Math.min(1, Math.sqrt(area * aspect)) : 1;
  const height = crops ? Math.min(1, Math.sqrt(area / aspect)) : 1;
  const left = (1 - width) * random.next();
  const top = (1 - height) * random.next();
  const flip = random.next() < 0.5 && settings.flip;
  const change = (): number => 1 + settings.colour * (2 * random.next() - 1);
  const brightness = change();
  const contrast = change();
  const saturation = change();
  const grey = random.next() < settings.grey;
  return { left, top, width, height, flip, brightness, contrast, saturation: grey ? 0 : saturation };
}

/** Where each pixel of a side comes from: the lower neighbour and the share of the upper one. */
interface Taps {
  readonly lower: Int32Array;
  readonly upper: Int32Array;
  readonly share: Float32Array;
}

function tapsOf(size: number, start: number, length: number, mirrored: boolean): Taps {
  const lower = new Int32Array(size);
  const upper = new Int32Array(size);
  const share = new Float32Array(size);
  for (let i = 0; i < size; i++) {
    const along = mirrored ? size - 1 - i : i;
    const at = Math.min(Math.max((start + (length * (along + 0.5)) / size) * size - 0.5, 0), size - 1);
    lower[i] = Math.floor(at);
    upper[i] = Math.min(lower[i] + 1, size - 1);
    share[i] = at - lower[i];
  }
  return { lower, upper, share };
}

function resample(source: Uint8Array, target: Float32Array, size: number, view: View): void {
  const columns = tapsOf(size, view.left, view.width, view.flip);
  const rows = tapsOf(size, view.top, view.height, false);
  let out = 0;
  for (let y = 0; y < size; y++) {
    const above = rows.lower[y] * size;
    const below = rows.upper[y] * size;
    const down = rows.share[y];
    for (let x = 0; x < size; x++) {
      const left = columns.lower[x];
      const right = columns.upper[x];
      const across = columns.share[x];
      const a = (above + left) * CHANNELS;
      const b = (above + right) * CHANNELS;
      const c = (below + left) * CHANNELS;
      const d = (below + right) * CHANNELS;
      for (let k = 0; k < CHANNELS; k++) {
        const high = source[a + k] + (source[b + k] - source[a + k]) * across;
        const low = source[c + k] + (source[d + k] - source[c + k]) * across;
        target[out++] = (high + (low - high) * down) / 255;
      }
    }
  }
}

/** Brightness scales, contrast stretches about the picture's mean luma, saturation about each pixel's own. */
function recolour(pixels: Float32Array, { brightness, contrast, saturation }: View): void {
  if (brightness === 1 && contrast === 1 && saturation === 1) return;
  const middle = brightness * meanLuma(pixels) * (1 - contrast);
  const gain = brightness * contrast;
  for (let i = 0; i < pixels.length; i += CHANNELS) {
    const red = pixels[i] * gain + middle;
    const green = pixels[i + 1] * gain + middle;
    const blue = pixels[i + 2] * gain + middle;
    const luma = RED * red + GREEN * green + BLUE * blue;
    pixels[i] = clamp(luma + (red - luma) * saturation);
    pixels[i + 1] = clamp(luma + (green - luma) * saturation);
    pixels[i + 2] = clamp(luma + (blue - luma) * saturation);
  }
}

function meanLuma(pixels: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < pixels.length; i += CHANNELS) {
    sum += RED * pixels[i] + GREEN * pixels[i + 1] + BLUE * pixels[i + 2];
  }
  return (sum * CHANNELS) / pixels.length;
}

function clamp(value: number): number {
  return value < 0 ? 0 : value > 1 ? 1 : value;
}
