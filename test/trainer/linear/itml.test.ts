import { describe, expect, it } from 'vitest';
import { directionsOf, drawPairs, itml, type Pairs } from '../../../src/trainer/linear/itml';
import { Random } from '../../../src/trainer/random';

const STRICT = { sweeps: 5000, tolerance: 1e-13 };
const DIMS = 3;

/** Pairs in three dimensions: those of one class differ mostly along the first. */
function pairs(count: number): Pairs {
  const random = new Random(4);
  const same = Uint8Array.from({ length: count }, (_, i) => (i % 2 === 0 ? 1 : 0));
  const differences = Float64Array.from({ length: count * DIMS }, (_, i) => {
    const loud = (i % DIMS === 0) === (same[Math.floor(i / DIMS)] === 1);
    return random.normal() * (loud ? 2 : 0.3);
  });
  return { dims: DIMS, differences, same, near: 0.5, far: 4 };
}

const row = ({ differences }: Pairs, pair: number): Float64Array =>
  differences.subarray(pair * DIMS, (pair + 1) * DIMS);
const at = (matrix: Float64Array, i: number, j: number): number => matrix[i * DIMS + j];

function squared(metric: Float64Array, v: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < DIMS; i++) for (let j = 0; j < DIMS; j++) sum += v[i] * at(metric, i, j) * v[j];
  return sum;
}

describe('itml', () => {
  it('is the closed form of one bound in one dimension', () => {
    // Minimises A - log A + slack (A / near - log(A / near)): A = (1 + slack) / (1 + slack / near).
    const one: Pairs = { dims: 1, differences: Float64Array.of(1), same: Uint8Array.of(1), near: 0.25, far: 9 };
    for (const slack of [0.1, 1, 50]) {
      const { metric } = itml(one, slack, STRICT);
      expect(metric[0]).toBeCloseTo((1 + slack) / (1 + slack / 0.25), 9);
    }
    // A bound that is kept already changes nothing.
    expect(itml({ ...one, near: 2 }, 1, STRICT).metric[0]).toBe(1);
    const apart: Pairs = { ...one, same: Uint8Array.of(0) };
    expect(itml(apart, 1, STRICT).metric[0]).toBeCloseTo(2 / (1 + 1 / 9), 9);
  });

  it.each([0.3, 1, 20])('fulfils what characterises the only optimum, with slack %d', (slack) => {
    const given = pairs(12);
    const { metric, multipliers, bounds } = itml(given, slack, STRICT);
    // Stationary in A: the inverse of A is the identity plus the multipliers' differences, the far ones taken off.
    const inverse = Float64Array.from({ length: DIMS * DIMS }, (_, i) => (i % (DIMS + 1) === 0 ? 1 : 0));
    multipliers.forEach((multiplier, pair) => {
      const v = row(given, pair);
      const sign = given.same[pair] === 1 ? 1 : -1;
      for (let i = 0; i < DIMS * DIMS; i++) inverse[i] += sign * multiplier * v[Math.floor(i / DIMS)] * v[i % DIMS];
    });
    for (let i = 0; i < DIMS; i++)
      for (let j = 0; j < DIMS; j++) {
        let product = 0;
        for (let k = 0; k < DIMS; k++) product += at(metric, i, k) * at(inverse, k, j);
        expect(product).toBeCloseTo(i === j ? 1 : 0, 6);
      }
    expect(Math.max(...multipliers)).toBeGreaterThan(0);
    multipliers.forEach((multiplier, pair) => {
      const isSame = given.same[pair] === 1;
      const sign = isSame ? 1 : -1;
      const distance = squared(metric, row(given, pair));
      expect(multiplier).toBeGreaterThanOrEqual(0);
      // Stationary in the bounds.
      expect(slack / bounds[pair]).toBeCloseTo(slack / (isSame ? given.near : given.far) - sign * multiplier, 6);
      // Every bound is kept, and those that press are met exactly.
      expect(sign * (distance - bounds[pair])).toBeLessThan(1e-5);
      if (multiplier > 1e-6) expect(distance).toBeCloseTo(bounds[pair], 4);
    });
  });

  it('gives directions whose squared lengths are the distances', () => {
    const given = pairs(12);
    const { metric } = itml(given);
    const directions = directionsOf(metric, DIMS);
    const v = row(given, 5);
    let sum = 0;
    for (let d = 0; d < DIMS; d++) sum += v.reduce((along, x, k) => along + x * directions[d * DIMS + k], 0) ** 2;
    expect(sum).toBeCloseTo(squared(metric, v), 8);
  });
});

describe('drawPairs', () => {
  const labels = Int32Array.from({ length: 60 }, (_, i) => i >> 1);
  const random = new Random(2);
  const data = Float32Array.from({ length: 60 * DIMS }, () => random.normal());
  const features = { data, dims: DIMS, labels, rows: 60, classes: 30 };

  it('draws pairs of one class and of two, with bounds from their distances, the same each time', () => {
    const drawn = drawPairs(features, 400);
    const same = drawn.same.filter((isSame) => isSame === 1).length;
    expect(same / drawn.same.length).toBeGreaterThan(0.25);
    expect(same / drawn.same.length).toBeLessThan(0.5);
    const squares = Array.from(drawn.same, (_, pair) => row(drawn, pair).reduce((sum, x) => sum + x * x, 0));
    expect(squares.filter((value) => value < drawn.near).length / squares.length).toBeCloseTo(0.05, 1);
    expect(squares.filter((value) => value > drawn.far).length / squares.length).toBeCloseTo(0.05, 1);
    expect(drawPairs(features, 400)).toEqual(drawn);
  });

  it('has pairs of two classes only where no class has two rows', () => {
    const alone = drawPairs({ ...features, labels: Int32Array.from(labels.keys()) }, 50);
    expect(alone.same.every((isSame) => isSame === 0)).toBe(true);
  });
});
