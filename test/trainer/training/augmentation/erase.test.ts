import { describe, expect, it } from 'vitest';
import { Random } from '../../../../src/trainer/random';
import { drawErasing, erase } from '../../../../src/trainer/training/augmentation/erase';
import { pictures, SIZE } from './pictures';

describe('erase', () => {
  it('paints the rectangle and nothing else', () => {
    const picture = Float32Array.from(pictures(1, 3), (value) => value / 255);
    const erased = picture.slice();
    erase(erased, SIZE, { left: 2, top: 1, width: 4, height: 3, colour: [0.1, 0.2, 0.3] });
    for (let i = 0; i < picture.length; i++) {
      const [pixel, channel] = [Math.floor(i / 3), i % 3];
      const [x, y] = [pixel % SIZE, Math.floor(pixel / SIZE)];
      const isInside = x >= 2 && x < 6 && y >= 1 && y < 4;
      expect(erased[i]).toBeCloseTo(isInside ? [0.1, 0.2, 0.3][channel] : picture[i], 6);
    }
  });
});

describe('drawErasing', () => {
  it('draws rectangles inside of the picture, of 2% to 33% of it, by chance', () => {
    const size = 64;
    const drawn = Array.from({ length: 1000 }, (_, seed) => drawErasing(0.5, size, new Random(seed)));
    const rectangles = drawn.filter((erasing) => erasing !== undefined);
    expect(rectangles.length).toBeGreaterThan(440);
    expect(rectangles.length).toBeLessThan(560);
    const shares = rectangles.map(({ left, top, width, height, colour }) => {
      expect(left >= 0 && top >= 0 && left + width <= size && top + height <= size).toBe(true);
      expect(colour.every((value) => value >= 0 && value < 1)).toBe(true);
      return (width * height) / size ** 2;
    });
    expect(Math.min(...shares)).toBeGreaterThan(0.015);
    expect(Math.max(...shares)).toBeLessThan(0.35);
    expect(Math.max(...shares)).toBeGreaterThan(0.3);
    expect(drawErasing(0, size, new Random(1))).toBeUndefined();
  });
});
