import { describe, expect, it } from 'vitest';
import { Random } from '../../../../src/trainer/random';
import { drawColourJitter } from '../../../../src/trainer/training/augmentation/colourJitter';
import { meanLuma, multiply, recolour, SAME_COLOURS } from '../../../../src/trainer/training/augmentation/colourMatrix';
import { drawGrey } from '../../../../src/trainer/training/augmentation/grey';
import { distance, pictures } from './pictures';

type Rgb = [number, number, number];
const floats = (seed: number): Float32Array => Float32Array.from(pictures(1, seed), (value) => value / 255);
const clamp = (value: number): number => Math.min(1, Math.max(0, value));
const lumaOf = ([r, g, b]: Rgb): number => 0.299 * r + 0.587 * g + 0.114 * b;

function pixelsOf(picture: Float32Array): Rgb[] {
  return Array.from({ length: picture.length / 3 }, (_, i) => [...picture.subarray(3 * i, 3 * i + 3)] as Rgb);
}

function jittered(picture: Float32Array, strength: number, hue: number, seed: number): Float32Array {
  const { matrix, light } = drawColourJitter(strength, hue, new Random(seed));
  const copy = picture.slice();
  recolour(copy, matrix, light * meanLuma(copy));
  return copy;
}

/** Turns the hue as in the YIQ colours of NTSC: to YIQ, turn I and Q, back by Cramer's rule. */
function turned(rgb: Rgb, angle: number): Rgb {
  const rows: Rgb[] = [
    [0.299, 0.587, 0.114],
    [0.5959, -0.2746, -0.3213],
    [0.2115, -0.5227, 0.3112],
  ];
  const [y, i, q] = rows.map((row) => row[0] * rgb[0] + row[1] * rgb[1] + row[2] * rgb[2]);
  const wanted = [y, Math.cos(angle) * i - Math.sin(angle) * q, Math.sin(angle) * i + Math.cos(angle) * q];
  const det = (m: Rgb[]): number =>
    m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) -
    m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0]) +
    m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0]);
  return [0, 1, 2].map((column) => {
    const replaced = rows.map((row, r) => row.map((value, c) => (c === column ? wanted[r] : value)) as Rgb);
    return det(replaced) / det(rows);
  }) as Rgb;
}

/** The four changes one after the other, each by its own definition, on every pixel. */
function naive(picture: Float32Array, strength: number, hue: number, seed: number): number[] {
  const random = new Random(seed);
  const change = (): number => 1 + strength * (2 * random.next() - 1);
  const [brightness, contrast, saturation] = [change(), change(), change()];
  const angle = 2 * Math.PI * hue * (2 * random.next() - 1);
  const bright = pixelsOf(picture).map((rgb) => rgb.map((value) => value * brightness) as Rgb);
  const mean = bright.reduce((sum, rgb) => sum + lumaOf(rgb), 0) / bright.length;
  return bright.flatMap((rgb) => {
    const contrasted = rgb.map((value) => mean + (value - mean) * contrast) as Rgb;
    const luma = lumaOf(contrasted);
    const saturated = contrasted.map((value) => luma + (value - luma) * saturation) as Rgb;
    return turned(saturated, angle).map(clamp);
  });
}

describe('colour jitter', () => {
  it.each([
    [0.4, 0],
    [0, 0.3],
    [0.5, 0.5],
    [1, 0.1],
  ])('of strength %d and hue %d does what the definitions say', (strength, hue) => {
    for (let seed = 0; seed < 20; seed++) {
      const picture = floats(seed);
      expect(distance(jittered(picture, strength, hue, seed), naive(picture, strength, hue, seed))).toBeLessThan(1e-3);
    }
  });

  it('leaves colours alone when nothing is asked for', () => {
    expect(distance(jittered(floats(1), 0, 0, 1), floats(1))).toBeLessThan(1e-6);
  });

  it('leaves luma and greys alone when only the hue is turned', () => {
    const grey = Float32Array.from({ length: 12 }, (_, i) => Math.floor(i / 3) / 5);
    const { matrix } = drawColourJitter(0, 0.5, new Random(3));
    const after = grey.slice();
    recolour(after, matrix, 0);
    expect(distance(after, grey)).toBeLessThan(1e-3);
    const colour: Rgb = [0.5, 0.4, 0.45];
    const changed = Float32Array.from(colour);
    recolour(changed, matrix, 0);
    expect(distance(changed, colour)).toBeGreaterThan(0.01);
    expect(lumaOf([...changed] as Rgb)).toBeCloseTo(lumaOf(colour), 3);
  });
});

describe('grey', () => {
  it('replaces the colours by their luma, by chance', () => {
    const picture = floats(4);
    const all = picture.slice();
    recolour(all, drawGrey(1, new Random(1)), 0);
    pixelsOf(picture).forEach((rgb, i) => {
      for (let k = 0; k < 3; k++) expect(all[3 * i + k]).toBeCloseTo(lumaOf(rgb), 5);
    });
    const chosen = Array.from({ length: 300 }, (_, seed) => drawGrey(0.3, new Random(seed)) !== SAME_COLOURS);
    expect(chosen.filter(Boolean).length).toBeGreaterThan(60);
    expect(chosen.filter(Boolean).length).toBeLessThan(120);
  });
});

describe('multiply', () => {
  it('does one after the other', () => {
    const [first, second] = [drawColourJitter(0.1, 0.1, new Random(1)).matrix, drawGrey(1, new Random(1))];
    const [once, twice] = [Float32Array.of(0.5, 0.4, 0.6), Float32Array.of(0.5, 0.4, 0.6)];
    recolour(once, multiply(first, second), 0);
    recolour(twice, first, 0);
    recolour(twice, second, 0);
    expect(distance(once, twice)).toBeLessThan(1e-6);
  });
});
