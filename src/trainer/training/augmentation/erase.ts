import type { Random } from '../../random';

const CHANNELS = 3;
const SMALLEST_AREA = 0.02;
const LARGEST_AREA = 0.33;
/** One side of the rectangle is at most this many times the other. */
const LARGEST_ASPECT = 10 / 3;

/** A rectangle of whole pixels, and the colour that fills it. */
export interface Erasing {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly colour: readonly [number, number, number];
}

/**
 * Random erasing (Zhong 2020), with the areas and aspects of torchvision and one colour a rectangle: some pictures lose a part, so
 * that the network does not rely on a single place.
 * @param chance from 0 to 1.
 */
export function drawErasing(chance: number, size: number, random: Random): Erasing | undefined {
  const isErased = random.next() < chance;
  const area = SMALLEST_AREA + (LARGEST_AREA - SMALLEST_AREA) * random.next();
  const aspect = LARGEST_ASPECT ** (2 * random.next() - 1);
  const side = (length: number): number => Math.min(size, Math.max(1, Math.round(size * length)));
  const [width, height] = [side(Math.sqrt(area * aspect)), side(Math.sqrt(area / aspect))];
  const left = random.integer(size - width + 1);
  const top = random.integer(size - height + 1);
  const colour = [random.next(), random.next(), random.next()] as const;
  return isErased ? { left, top, width, height, colour } : undefined;
}

/** Fills the rectangle in place. */
export function erase(pixels: Float32Array, size: number, erasing: Erasing | undefined): void {
  if (erasing === undefined) return;
  const { left, top, width, height, colour } = erasing;
  for (let y = top; y < top + height; y++) {
    for (let x = left; x < left + width; x++) pixels.set(colour, (y * size + x) * CHANNELS);
  }
}
