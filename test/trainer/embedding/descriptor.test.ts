import { describe, expect, it } from 'vitest';
import { DESCRIPTOR_DIMS, embedDescriptors } from '../../../src/trainer/embedding/descriptor';
import { gradientHistogram, GRADIENT_DIMS } from '../../../src/trainer/embedding/gradientHistogram';
import { colourHistogram, HISTOGRAM_DIMS } from '../../../src/trainer/embedding/colourHistogram';
import { colourLayout, LAYOUT_DIMS } from '../../../src/trainer/embedding/colourLayout';
import { emptyPlanes, opponentColours } from '../../../src/trainer/embedding/opponentColours';
import { embedPixels, PIXEL_DIMS } from '../../../src/trainer/embedding/pixels';
import { Random } from '../../../src/trainer/random';
import { emojiNames, emojiPixels } from './emoji';

const SIZE = 64;

function picture(colour: (x: number, y: number) => readonly [number, number, number]): Uint8Array {
  const pixels = new Uint8Array(SIZE * SIZE * 3);
  for (let y = 0; y < SIZE; y++) for (let x = 0; x < SIZE; x++) pixels.set(colour(x, y), (y * SIZE + x) * 3);
  return pixels;
}

function noise(seed: number): Uint8Array {
  const random = new Random(seed);
  return Uint8Array.from({ length: SIZE * SIZE * 3 }, () => random.integer(256));
}

function planesOf(pixels: Uint8Array): ReturnType<typeof emptyPlanes> {
  const planes = emptyPlanes();
  opponentColours(pixels, 0, planes);
  return planes;
}

const length = (row: ArrayLike<number>): number => Math.hypot(...Array.from(row));

/** Leave-one-out Recall@1, straight from the definition. */
function recallAt1(rows: Float32Array, dims: number, labels: Int32Array): number {
  let hits = 0;
  for (let i = 0; i < labels.length; i++) {
    let best = -Infinity;
    let nearest = -1;
    for (let j = 0; j < labels.length; j++) {
      if (j === i) continue;
      let similarity = 0;
      for (let d = 0; d < dims; d++) similarity += rows[i * dims + d] * rows[j * dims + d];
      if (similarity > best) [best, nearest] = [similarity, j];
    }
    if (labels[nearest] === labels[i]) hits++;
  }
  return hits / labels.length;
}

describe('gradient histograms', () => {
  it('find a vertical edge in the orientation of horizontal change, in the cells that it crosses', () => {
    const histogram = new Float32Array(GRADIENT_DIMS);
    gradientHistogram(planesOf(picture((x) => (x < 32 ? [0, 0, 0] : [255, 255, 255]))), histogram);
    const sum = (keep: (column: number, orientation: number) => boolean): number =>
      histogram.reduce((total, value, i) => total + (keep(Math.floor(i / 8) % 5, i % 8) ? value : 0), 0);
    expect(sum((_, orientation) => orientation !== 0)).toBe(0);
    expect(sum((column) => column === 0 || column === 4)).toBe(0);
    expect(sum((column) => column === 2)).toBeGreaterThan(20 * sum((column) => column !== 2));
  });

  it('see an edge between colours of the same brightness', () => {
    const grey = Math.round(0.299 * 200);
    const histogram = new Float32Array(GRADIENT_DIMS);
    gradientHistogram(planesOf(picture((_, y) => (y < 32 ? [200, 0, 0] : [grey, grey, grey]))), histogram);
    const [horizontal, vertical] = [0, 4].map((bin) =>
      histogram.filter((_, i) => i % 8 === bin).reduce((a, b) => a + b, 0),
    );
    expect(horizontal).toBe(0);
    expect(vertical).toBeGreaterThan(10);
  });

  it('lose nothing by sharing, away from the border', () => {
    const planes = emptyPlanes();
    planes[0][32 * SIZE + 30] = 1;
    const histogram = new Float32Array(GRADIENT_DIMS);
    gradientHistogram(planes, histogram);
    // One bright pixel gives four neighbours a central difference of 1.
    expect(histogram.reduce((a, b) => a + b, 0)).toBeCloseTo(4, 5);
  });
});

describe('colour layout and colour histogram', () => {
  it('is zero for a plain picture', () => {
    const layout = new Float32Array(LAYOUT_DIMS);
    colourLayout(planesOf(picture(() => [200, 30, 90])), layout);
    expect([...layout].every((value) => value === 0)).toBe(true);
  });

  it('tells where it is bright', () => {
    const layout = new Float32Array(LAYOUT_DIMS);
    colourLayout(planesOf(picture((x, y) => (x < 12 && y < 12 ? [255, 255, 255] : [0, 0, 0]))), layout);
    expect(layout.indexOf(Math.max(...layout))).toBe(0);
    expect(layout.subarray(0, 25).reduce((a, b) => a + b, 0)).toBeCloseTo(0, 5);
  });

  it('shares a colour among the levels around it and sums to 1', () => {
    const histogram = new Float32Array(HISTOGRAM_DIMS);
    colourHistogram(
      picture(() => [85, 0, 128]),
      0,
      histogram,
    ); // 85 is level 1 of 0..3; 128 lies between 1 and 2
    const share = (128 / 255) * 3 - 1;
    expect(histogram[16 + 1]).toBeCloseTo(1 - share, 4);
    expect(histogram[16 + 2]).toBeCloseTo(share, 4);
    expect(histogram.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 4);
  });
});

describe('descriptors', { timeout: 60_000 }, () => {
  it('are rows of length 1, finite, the same for the same picture whatever comes with it', () => {
    const pictures = [noise(1), picture(() => [0, 0, 0]), picture(() => [255, 255, 255]), noise(2)];
    const together = embedDescriptors(new Uint8Array(Buffer.concat(pictures)), 4);
    pictures.forEach((pixels, i) => {
      const row = together.subarray(i * DESCRIPTOR_DIMS, (i + 1) * DESCRIPTOR_DIMS);
      expect(row.every(Number.isFinite)).toBe(true);
      expect(length(row)).toBeCloseTo(1, 5);
      expect(embedDescriptors(pixels, 1)).toEqual(row.slice());
    });
  });

  it('change little with brightness and much with the subject', () => {
    const scene = (light: number) =>
      picture((x, y) => (Math.hypot(x - 30, y - 34) < 18 ? [light * 240, light * 180, 30] : [40, 60, light * 120]));
    const other = picture((x, y) => ((x + y) % 32 < 16 ? [40, 160, 40] : [240, 240, 240]));
    const [a, b, c] = [scene(1), scene(0.9), other].map((pixels) => embedDescriptors(pixels, 1));
    const similarity = (p: Float32Array, q: Float32Array): number => p.reduce((sum, x, i) => sum + x * q[i], 0);
    expect(similarity(a, b)).toBeGreaterThan(0.9);
    expect(similarity(a, c)).toBeLessThan(0.6);
  });

  it('find the other style of an emoji much more often than raw pixels do', async () => {
    const { pixels, labels } = await emojiPixels(await emojiNames(300));
    const raw = recallAt1(embedPixels(pixels, labels.length), PIXEL_DIMS, labels);
    const described = recallAt1(embedDescriptors(pixels, labels.length), DESCRIPTOR_DIMS, labels);
    expect(described).toBeGreaterThan(raw + 0.08);
  });
});

describe('raw pixels', () => {
  it('are the means of 2 x 2 blocks, flattened and scaled to length 1', () => {
    const pixels = noise(3);
    const expected = new Float64Array(PIXEL_DIMS);
    for (let y = 0; y < 64; y++)
      for (let x = 0; x < 64; x++)
        for (let c = 0; c < 3; c++)
          expected[((y >> 1) * 32 + (x >> 1)) * 3 + c] += pixels[(y * 64 + x) * 3 + c] / 255 / 4;
    const norm = length(expected);
    const row = embedPixels(pixels, 1);
    row.forEach((value, i) => expect(value).toBeCloseTo(expected[i] / norm, 6));
  });

  it('leave a black picture a row of zeros', () => {
    expect(embedPixels(new Uint8Array(SIZE * SIZE * 3), 1).every((value) => value === 0)).toBe(true);
  });
});
