import { colourHistogram, HISTOGRAM_DIMS } from './colourHistogram';
import { colourLayout, LAYOUT_DIMS } from './colourLayout';
import { GRADIENT_DIMS, gradientHistogram } from './gradientHistogram';
import { normaliseRange, signedSqrt } from './normalise';
import { emptyPlanes, opponentColours, type Planes } from './opponentColours';
import { SOURCE_SIZE } from './pixels';

export const DESCRIPTOR_DIMS = GRADIENT_DIMS + LAYOUT_DIMS + HISTOGRAM_DIMS;

/** How much shape, the arrangement of colours, and the colours themselves count (each part has length 1 before). */
const GRADIENT_WEIGHT = 1;
const LAYOUT_WEIGHT = 0.8;
const HISTOGRAM_WEIGHT = 0.7;

/**
 * A picture in 339 numbers made by hand, useful before anything is trained:
 *
 *   normalise[ 1.0 normalise(sqrt(gradient histograms)), 0.8 normalise(colour layout), 0.7 normalise(sqrt(colour histogram)) ]
 *
 * @param pixels `count` pictures of 64 x 64, RGB, uint8, row-major NHWC
 * @returns `count` rows of `DESCRIPTOR_DIMS`, L2-normalised; the same bytes for the same pixels
 */
export function embedDescriptors(pixels: Uint8Array, count: number): Float32Array {
  const rows = new Float32Array(count * DESCRIPTOR_DIMS);
  const planes = emptyPlanes();
  for (let i = 0; i < count; i++) {
    const row = rows.subarray(i * DESCRIPTOR_DIMS, (i + 1) * DESCRIPTOR_DIMS);
    describe(pixels, i * SOURCE_SIZE * SOURCE_SIZE * 3, planes, row);
  }
  return rows;
}

function describe(pixels: Uint8Array, from: number, planes: Planes, row: Float32Array): void {
  const gradients = row.subarray(0, GRADIENT_DIMS);
  const layout = row.subarray(GRADIENT_DIMS, GRADIENT_DIMS + LAYOUT_DIMS);
  const colours = row.subarray(GRADIENT_DIMS + LAYOUT_DIMS);
  opponentColours(pixels, from, planes);
  gradientHistogram(planes, gradients);
  signedSqrt(gradients);
  weigh(gradients, GRADIENT_WEIGHT);
  colourLayout(planes, layout);
  weigh(layout, LAYOUT_WEIGHT);
  colourHistogram(pixels, from, colours);
  signedSqrt(colours);
  weigh(colours, HISTOGRAM_WEIGHT);
  normaliseRange(row, 0, row.length);
}

function weigh(part: Float32Array, weight: number): void {
  normaliseRange(part, 0, part.length);
  for (let i = 0; i < part.length; i++) part[i] *= weight;
}
