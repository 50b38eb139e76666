import { describe, expect, it } from 'vitest';
import { Random } from '../../../../src/trainer/random';
import { type Affine, compose } from '../../../../src/trainer/training/augmentation/affine';
import { drawCrop } from '../../../../src/trainer/training/augmentation/crop';
import { drawFlip } from '../../../../src/trainer/training/augmentation/flip';
import { resample } from '../../../../src/trainer/training/augmentation/resample';
import { drawRotation } from '../../../../src/trainer/training/augmentation/rotate';
import { drawScale } from '../../../../src/trainer/training/augmentation/scale';
import { at, distance, pictures, SIZE } from './pictures';

const SAME: Affine = [1, 0, 0, 0, 1, 0];
const draws = <T>(draw: (random: Random) => T, count = 300): T[] =>
  Array.from({ length: count }, (_, seed) => draw(new Random(seed)));
const apply = ([a, b, c, d, e, f]: Affine, [x, y]: readonly [number, number]): [number, number] => [
  a * x + b * y + c,
  d * x + e * y + f,
];

function resampled(picture: Uint8Array, where: Affine): Float32Array {
  const target = new Float32Array(picture.length);
  resample(picture, target, SIZE, where);
  return target;
}

/** By the definition: each value is a mean of all pixels, weighted by how near they are to the place that is looked up. */
function naive(picture: Uint8Array, where: Affine): number[] {
  const target: number[] = [];
  const tent = (away: number): number => Math.max(0, 1 - Math.abs(away));
  for (let y = 0; y < SIZE; y++) {
    for (let x = 0; x < SIZE; x++) {
      const [u, v] = apply(where, [(x + 0.5) / SIZE - 0.5, (y + 0.5) / SIZE - 0.5]);
      const [column, row] = [(u + 0.5) * SIZE - 0.5, (v + 0.5) * SIZE - 0.5];
      for (let channel = 0; channel < 3; channel++) {
        let sum = 0;
        for (let j = -SIZE; j < 2 * SIZE; j++) {
          for (let i = -SIZE; i < 2 * SIZE; i++) {
            sum += tent(column - i) * tent(row - j) * at(picture, SIZE, i, j, channel);
          }
        }
        target.push(sum / 255);
      }
    }
  }
  return target;
}

describe('resample', () => {
  it('leaves a picture alone when nothing is asked for', () => {
    const picture = pictures(1);
    expect(
      distance(
        resampled(picture, SAME),
        [...picture].map((value) => value / 255),
      ),
    ).toBeLessThan(1e-6);
  });

  it.each<[string, Affine]>([
    ['a crop', [0.6, 0, -0.1, 0, 0.7, 0.12]],
    ['a mirrored crop', [-0.6, 0, 0.1, 0, 0.7, 0]],
    ['a smaller picture', [1.2, 0, 0, 0, 1.2, 0]],
    ['a turned picture', [0.8, -0.6, 0, 0.6, 0.8, 0]],
    ['a turned, cropped and mirrored picture', [-0.5, -0.3, 0.1, 0.4, 0.7, -0.2]],
  ])('interpolates %s as the definition says', (_, where) => {
    const picture = pictures(1, 5);
    expect(distance(resampled(picture, where), naive(picture, where))).toBeLessThan(1e-5);
  });

  it('turns by a quarter without loss', () => {
    const picture = pictures(1, 3);
    const turned = resampled(picture, [0, -1, 0, 1, 0, 0]);
    for (let y = 0; y < SIZE; y++) {
      for (let x = 0; x < SIZE; x++) {
        expect(turned[(y * SIZE + x) * 3]).toBeCloseTo(at(picture, SIZE, SIZE - 1 - y, x, 0) / 255, 5);
      }
    }
  });
});

describe('compose', () => {
  it('does one after the other', () => {
    const [first, second]: Affine[] = [
      [0.5, 0.1, 0.2, -0.3, 0.9, 0],
      [2, -1, 0.4, 0, 1.5, -0.1],
    ];
    const place = [0.3, -0.4] as const;
    expect(distance(apply(compose(first, second), place), apply(second, apply(first, place)))).toBeLessThan(1e-12);
  });
});

describe('drawCrop', () => {
  it('keeps between the smallest share and all of the area, inside of the picture, of moderate shape', () => {
    const areas = draws((random) => drawCrop(0.3, random)).map(([width, b, x, d, height, y]) => {
      expect([b, d]).toEqual([0, 0]);
      expect(Math.abs(x) + width / 2).toBeLessThanOrEqual(0.5 + 1e-12);
      expect(Math.abs(y) + height / 2).toBeLessThanOrEqual(0.5 + 1e-12);
      expect(width / height).toBeGreaterThan(0.74);
      expect(width / height).toBeLessThan(1.34);
      return width * height;
    });
    expect(Math.min(...areas)).toBeGreaterThan(0.29);
    expect(Math.min(...areas)).toBeLessThan(0.33);
    expect(Math.max(...areas)).toBeGreaterThan(0.95);
  });

  it('keeps everything when asked to', () => {
    draws((random) => expect(drawCrop(1, random)).toEqual(SAME), 20);
  });
});

describe('drawFlip', () => {
  it('mirrors half of the pictures, or none', () => {
    const mirrored = draws((random) => drawFlip(true, random)).filter(([a]) => a === -1);
    expect(mirrored.length).toBeGreaterThan(120);
    expect(mirrored.length).toBeLessThan(180);
    expect(draws((random) => drawFlip(false, random)).every(([a]) => a === 1)).toBe(true);
  });
});

describe('drawRotation', () => {
  it('turns to both sides, at most as far as asked, and keeps lengths', () => {
    const angles = draws((random) => drawRotation(30, random)).map((where) => {
      const [x, y] = apply(where, [0.5, 0]);
      expect(Math.hypot(x, y)).toBeCloseTo(0.5, 10);
      return (Math.atan2(y, x) * 180) / Math.PI;
    });
    expect(Math.max(...angles)).toBeLessThanOrEqual(30);
    expect(Math.max(...angles)).toBeGreaterThan(25);
    expect(Math.min(...angles)).toBeLessThan(-25);
    expect(drawRotation(0, new Random(1))).toEqual(SAME);
  });
});

describe('drawScale', () => {
  it('makes larger as often as smaller', () => {
    const zooms = draws((random) => drawScale(0.25, random)).map(([a]) => 1 / a);
    expect(Math.max(...zooms)).toBeLessThanOrEqual(1.25);
    expect(Math.min(...zooms)).toBeGreaterThanOrEqual(0.8);
    expect(Math.max(...zooms)).toBeGreaterThan(1.23);
    const larger = zooms.filter((zoom) => zoom > 1).length;
    expect(larger).toBeGreaterThan(120);
    expect(larger).toBeLessThan(180);
    expect(drawScale(0, new Random(1))).toEqual(SAME);
  });
});
