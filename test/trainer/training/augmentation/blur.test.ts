import { describe, expect, it } from 'vitest';
import { Random } from '../../../../src/trainer/random';
import { blur, drawBlur } from '../../../../src/trainer/training/augmentation/blur';
import { at, distance, pictures, SIZE } from './pictures';

/** By the definition: the mean of all pixels within three standard deviations, weighted by a Gaussian in two dimensions. */
function naive(picture: Float32Array, sigma: number): number[] {
  const reach = Math.ceil(3 * sigma);
  return [...picture].map((_, index) => {
    const [pixel, channel] = [Math.floor(index / 3), index % 3];
    const [x, y] = [pixel % SIZE, Math.floor(pixel / SIZE)];
    let [sum, total] = [0, 0];
    for (let j = -reach; j <= reach; j++) {
      for (let i = -reach; i <= reach; i++) {
        const weight = Math.exp(-(i * i + j * j) / (2 * sigma * sigma));
        sum += weight * at(picture, SIZE, x + i, y + j, channel);
        total += weight;
      }
    }
    return sum / total;
  });
}

describe('blur', () => {
  it.each([0.3, 1, 2.4])('of %d pixels is a Gaussian mean', (sigma) => {
    const picture = Float32Array.from(pictures(1, 2), (value) => value / 255);
    const blurred = picture.slice();
    blur(blurred, SIZE, sigma);
    expect(distance(blurred, naive(picture, sigma))).toBeLessThan(1e-6);
  });

  it('of nothing changes nothing', () => {
    const picture = Float32Array.from(pictures(1, 2));
    const same = picture.slice();
    blur(same, SIZE, 0);
    expect(same).toEqual(picture);
  });

  it('comes by chance, and in proportion to the size', () => {
    const drawn = (size: number): number[] =>
      Array.from({ length: 400 }, (_, seed) => drawBlur(0.25, size, new Random(seed)));
    const [small, large] = [drawn(64), drawn(128)];
    const some = small.filter((sigma) => sigma > 0);
    expect(some.length).toBeGreaterThan(70);
    expect(some.length).toBeLessThan(130);
    expect(Math.max(...some)).toBeLessThanOrEqual(1.6);
    expect(Math.max(...some)).toBeGreaterThan(1.4);
    large.forEach((sigma, i) => expect(sigma).toBeCloseTo(2 * small[i], 10));
  });
});
