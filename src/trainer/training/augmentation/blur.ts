import type { Random } from '../../random';

const CHANNELS = 3;
/** Standard deviations, as shares of the picture's side: from hardly visible to 1.6 pixels of 64. */
const SMALLEST = 0.002;
const LARGEST = 0.025;

/** The standard deviation in pixels of a Gaussian blur that some pictures get; 0 for none. @param chance from 0 to 1. */
export function drawBlur(chance: number, size: number, random: Random): number {
  const sigma = size * (SMALLEST + (LARGEST - SMALLEST) * random.next());
  return random.next() < chance ? sigma : 0;
}

/**
 * A Gaussian blur in place, cut off after three standard deviations, first along the rows and then along the columns. Beyond the
 * border, the picture goes on with the colours of its border.
 */
export function blur(pixels: Float32Array, size: number, sigma: number): void {
  if (sigma === 0) return;
  const weights = gaussian(sigma);
  const line = size * CHANNELS;
  const between = new Float32Array(pixels.length);
  for (let start = 0; start < pixels.length; start += line) {
    for (let k = 0; k < CHANNELS; k++) convolve(pixels, between, start + k, CHANNELS, size, weights);
  }
  for (let start = 0; start < line; start++) convolve(between, pixels, start, line, size, weights);
}

/** Weights from the middle outwards: all of them, both sides counted, sum to 1. */
export function gaussian(sigma: number): Float64Array {
  const weights = Float64Array.from({ length: Math.ceil(3 * sigma) + 1 }, (_, i) => Math.exp(-0.5 * (i / sigma) ** 2));
  const sum = weights.reduce((total, weight) => total + 2 * weight, -weights[0]);
  return weights.map((weight) => weight / sum);
}

/** One line of `count` values, `step` apart. */
function convolve(
  from: Float32Array,
  to: Float32Array,
  start: number,
  step: number,
  count: number,
  weights: Float64Array,
): void {
  const last = count - 1;
  for (let i = 0; i <= last; i++) {
    let sum = weights[0] * from[start + i * step];
    for (let away = 1; away < weights.length; away++) {
      const before = i - away < 0 ? 0 : i - away;
      const after = i + away > last ? last : i + away;
      sum += weights[away] * (from[start + before * step] + from[start + after * step]);
    }
    to[start + i * step] = sum;
  }
}
