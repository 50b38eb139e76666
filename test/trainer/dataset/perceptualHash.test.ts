import { describe, expect, it } from 'vitest';
import { hammingDistance, perceptualHash } from '../../../src/trainer/dataset/perceptualHash';
import { Random } from '../../../src/trainer/random';

/** The definition, term by term: C(v, u) = sum over y, x of f(y, x) cos(pi u (2x + 1) / 64) cos(pi v (2y + 1) / 64). */
function naiveHash(luma: Float32Array): bigint {
  const coefficients: number[] = [];
  for (let v = 0; v < 8; v++) {
    for (let u = 0; u < 8; u++) {
      let sum = 0;
      for (let y = 0; y < 32; y++)
        for (let x = 0; x < 32; x++)
          sum +=
            luma[y * 32 + x] * Math.cos((Math.PI * u * (2 * x + 1)) / 64) * Math.cos((Math.PI * v * (2 * y + 1)) / 64);
      coefficients.push(sum);
    }
  }
  const sorted = [...coefficients].sort((a, b) => a - b);
  const median = (sorted[31] + sorted[32]) / 2;
  return BigInt(`0b${coefficients.map((value) => (value > median ? '1' : '0')).join('')}`);
}

const noise = (seed: number): Float32Array => {
  const random = new Random(seed);
  return Float32Array.from({ length: 1024 }, () => random.next() * 255);
};

describe('perceptualHash', () => {
  it('is what the definition says', () => {
    for (let seed = 0; seed < 20; seed++) expect(perceptualHash(noise(seed))).toBe(naiveHash(noise(seed)));
  });

  it('stays the same under brightness and contrast, and moves little under noise', () => {
    const picture = Float32Array.from(
      { length: 1024 },
      (_, i) => 128 + 80 * Math.sin((i % 32) / 5) * Math.cos(i / 200),
    );
    const hash = perceptualHash(picture);
    expect(hammingDistance(hash, perceptualHash(picture.map((value) => value * 0.8 + 20)))).toBeLessThanOrEqual(2);
    const grain = noise(3);
    const noisy = picture.map((value, i) => value + (grain[i] - 128) / 40);
    expect(hammingDistance(hash, perceptualHash(noisy))).toBeLessThan(26);
    expect(hammingDistance(hash, perceptualHash(noise(4)))).toBeGreaterThan(15);
  });

  it('gives every flat picture the same hash, free of rounding noise', () => {
    const flat = [1, 77.7, 200.123, 255].map((value) => perceptualHash(new Float32Array(1024).fill(value)));
    expect(new Set(flat)).toEqual(new Set([1n << 63n]));
  });

  it('refuses another size', () => {
    expect(() => perceptualHash(new Float32Array(64))).toThrow(RangeError);
  });
});

it('hammingDistance counts different bits', () => {
  expect(hammingDistance(0n, 0n)).toBe(0);
  expect(hammingDistance(0n, (1n << 64n) - 1n)).toBe(64);
  expect(hammingDistance(0b1011n, 0b0010n)).toBe(2);
  expect(hammingDistance(1n << 63n, 1n)).toBe(2);
  for (let seed = 0; seed < 30; seed++) {
    const a = perceptualHash(noise(seed));
    const b = perceptualHash(noise(seed + 100));
    expect(hammingDistance(a, b)).toBe((a ^ b).toString(2).replaceAll('0', '').length);
  }
});
