import { describe, expect, it } from 'vitest';
import { Random } from '../../src/trainer/random';

const draw = (random: Random, count: number): number[] => Array.from({ length: count }, () => random.next());

describe('Random', () => {
  it('gives the same numbers for the same seed, on every machine', () => {
    expect(draw(new Random(7), 5)).toEqual(draw(new Random(7), 5));
    expect(draw(new Random(7), 5)).not.toEqual(draw(new Random(8), 5));
    expect(draw(new Random(2 ** 40), 3)).not.toEqual(draw(new Random(0), 3));
  });

  it('follows sfc32', () => {
    // The definition: t = a + b + counter; a = b ^ b >>> 9; b = c * 9; c = rotl(c, 21) + t; 12 first values are dropped or more.
    const state = new Random(5).state().map((word) => BigInt(word >>> 0));
    const M = 0xffffffffn;
    let [a, b, c, n] = state as [bigint, bigint, bigint, bigint];
    const bits = (): bigint => {
      const t = (a + b + n) & M;
      n = (n + 1n) & M;
      a = b ^ (b >> 9n);
      b = (c * 9n) & M;
      c = ((((c << 21n) | (c >> 11n)) & M) + t) & M;
      return t;
    };
    const expected = Array.from({ length: 20 }, () => {
      const high = bits() >> 5n;
      return Number((high << 26n) | (bits() >> 6n)) / 2 ** 53;
    });
    expect(draw(new Random(5), 20)).toEqual(expected);
  });

  it('is uniform in [0, 1) and over whole numbers', () => {
    const random = new Random(1);
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < 100_000; i++) {
      const value = random.next();
      expect(value >= 0 && value < 1).toBe(true);
      counts[Math.floor(value * 10)]++;
      counts[random.integer(10)]++;
    }
    // 200,000 draws over 10 cells: sigma is 134, so 700 is beyond five of them.
    for (const count of counts) expect(Math.abs(count - 20_000)).toBeLessThan(700);
  });

  it('draws normals of mean 0, variance 1 and kurtosis 3', () => {
    const random = new Random(2);
    const values = Array.from({ length: 100_000 }, () => random.normal());
    const moment = (power: number): number => values.reduce((sum, value) => sum + value ** power, 0) / values.length;
    expect(moment(1)).toBeCloseTo(0, 1);
    expect(moment(2)).toBeCloseTo(1, 1);
    expect(Math.abs(moment(4) - 3)).toBeLessThan(0.15);
  });

  it('shuffles without losing anything, every order equally often', () => {
    const random = new Random(3);
    const counts = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const order = random.shuffle(['a', 'b', 'c']).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
    expect([...random.shuffle(Int32Array.from({ length: 100 }, (_, i) => i))].sort((x, y) => x - y)).toEqual(
      Array.from({ length: 100 }, (_, i) => i),
    );
  });

  it('forks streams that depend on seed and label only', () => {
    const used = new Random(4);
    draw(used, 10);
    expect(draw(used.fork('x'), 4)).toEqual(draw(new Random(4).fork('x'), 4));
    const streams = [new Random(4), new Random(4).fork('x'), new Random(4).fork('y'), new Random(5).fork('x')];
    streams.push(new Random(4).fork('x').fork('x'));
    expect(new Set(streams.map((stream) => stream.next())).size).toBe(streams.length);
  });

  it('goes on from a stored state', () => {
    const random = new Random(6);
    draw(random, 3);
    const state = JSON.parse(JSON.stringify(random.state())) as number[];
    const restored = Random.restore(state);
    expect(draw(restored, 5)).toEqual(draw(random, 5));
    expect(restored.fork('z').next()).toBe(random.fork('z').next());
  });

  it('refuses what is no seed and no range', () => {
    expect(() => new Random(NaN)).toThrow(RangeError);
    expect(() => new Random(1).integer(0)).toThrow(RangeError);
    expect(() => Random.restore([1, 2])).toThrow(RangeError);
  });
});
