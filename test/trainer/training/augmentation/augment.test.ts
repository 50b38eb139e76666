import { describe, expect, it } from 'vitest';
import { Random } from '../../../../src/trainer/random';
import { augment } from '../../../../src/trainer/training/augmentation/augment';
import type { AugmentationSettings } from '../../../../src/trainer/types/training';
import { distance, pictures, SIZE } from './pictures';

const NONE: AugmentationSettings = { crop: 1, flip: false, colour: 0, grey: 0 };
const STRONG: AugmentationSettings = {
  crop: 0.1,
  flip: true,
  colour: 1,
  grey: 0.3,
  hue: 0.5,
  rotate: 180,
  scale: 1,
  blur: 0.5,
  erase: 0.5,
};
const LENGTH = SIZE * SIZE * 3;

describe('augment', () => {
  it('leaves pictures alone when nothing is asked for', () => {
    const pixels = pictures(2);
    const views = augment(pixels, SIZE, NONE, new Random(1));
    expect(
      distance(
        views,
        [...pixels].map((value) => value / 255),
      ),
    ).toBeLessThan(1e-6);
  });

  it('stays between 0 and 1 however strong, and repeats by the seed', () => {
    const first = augment(pictures(20), SIZE, STRONG, new Random(4));
    expect(first.every((value) => value >= 0 && value <= 1)).toBe(true);
    expect(augment(pictures(20), SIZE, STRONG, new Random(4))).toEqual(first);
    expect(augment(pictures(20), SIZE, STRONG, new Random(5))).not.toEqual(first);
  });

  it('gives a row the same view whatever is in the other rows', () => {
    const [all, others] = [pictures(6), pictures(6, 2)];
    others.set(all.subarray(3 * LENGTH, 4 * LENGTH), 3 * LENGTH);
    const row = (pixels: Uint8Array): Float32Array =>
      augment(pixels, SIZE, STRONG, new Random(4)).subarray(3 * LENGTH, 4 * LENGTH);
    expect(row(others)).toEqual(row(all));
    const twice = new Uint8Array([...all.subarray(0, LENGTH), ...all.subarray(0, LENGTH)]);
    const views = augment(twice, SIZE, STRONG, new Random(4));
    expect(views.subarray(0, LENGTH)).not.toEqual(views.subarray(LENGTH));
  });

  it.each([{ flip: true }, { crop: 0.5 }, { rotate: 40 }, { scale: 0.5 }, { colour: 0.4 }, { hue: 0.3 }] as const)(
    'changes every picture, or half of them, by %o alone',
    (change) => {
      const pixels = pictures(100);
      const views = augment(pixels, SIZE, { ...NONE, ...change }, new Random(1));
      const changed = Array.from({ length: 100 }, (_, i) => {
        const before = [...pixels.subarray(i * LENGTH, (i + 1) * LENGTH)].map((value) => value / 255);
        return distance(before, views.subarray(i * LENGTH, (i + 1) * LENGTH)) > 1e-4;
      }).filter(Boolean).length;
      if ('flip' in change) expect(Math.abs(changed - 50)).toBeLessThan(20);
      else expect(changed).toBe(100);
    },
  );

  it('does not shift the randomness of one setting by another', () => {
    const pixels = pictures(30);
    const mirrored = (settings: AugmentationSettings): boolean[] => {
      const ramp = Uint8Array.from(pixels, (_, i) => 25 * (Math.floor(i / 3) % SIZE));
      const views = augment(ramp, SIZE, settings, new Random(2));
      return Array.from({ length: 30 }, (_, i) => views[i * LENGTH] > views[i * LENGTH + 3 * (SIZE - 1)]);
    };
    const flips = mirrored({ ...NONE, flip: true });
    expect(flips).toContain(true);
    expect(flips).toContain(false);
    expect(mirrored({ ...NONE, flip: true, crop: 0.5, colour: 0.1, blur: 1, rotate: 10 })).toEqual(flips);
  });
});
