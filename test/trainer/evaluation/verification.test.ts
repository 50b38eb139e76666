import { describe, expect, it } from 'vitest';
import { scorePairs, type ScoredPairs } from '../../../src/trainer/evaluation/pairs';
import { equalErrorRate, operatingPoints, verification } from '../../../src/trainer/evaluation/verification';
import { Random } from '../../../src/trainer/random';
import { unitRows } from '../neighbours/rows';
import { dot } from './naive';

function scores(same: readonly number[], different: readonly number[]): ScoredPairs {
  return {
    same: Float32Array.from(same),
    different: Float32Array.from(different),
    sameHalf: new Uint8Array(same.length),
    differentHalf: new Uint8Array(different.length),
    sampled: false,
  };
}

function normals(count: number, mean: number, random: Random): number[] {
  return Array.from({ length: count }, () => mean + 0.2 * random.normal());
}

describe('scorePairs', () => {
  it('compares each pair once when there are few', async () => {
    const rows = unitRows(30, 4, 1);
    const labels = Int32Array.from({ length: 30 }, (_, i) => Math.floor(Math.sqrt(i)));
    const pairs = await scorePairs(rows, labels, { seed: 1 });
    const expected: { same: number[]; different: number[] } = { same: [], different: [] };
    for (let a = 0; a < 30; a++)
      for (let b = a + 1; b < 30; b++) expected[labels[a] === labels[b] ? 'same' : 'different'].push(dot(rows, a, b));
    for (const kind of ['same', 'different'] as const) {
      const found = [...pairs[kind]].sort((a, b) => a - b);
      const wanted = expected[kind].sort((a, b) => a - b);
      expect(found).toHaveLength(wanted.length);
      found.forEach((score, i) => expect(score).toBeCloseTo(wanted[i], 6));
    }
    expect(pairs.sampled).toBe(false);
  });

  it('draws pairs of each kind, all equally likely, by the seed', async () => {
    // Each row is another axis but that it tells itself: the dot product of a pair names it.
    const labels = Int32Array.of(0, 0, 0, 1, 1, 2);
    const values = [1, 2, 4, 8, 16, 32];
    const data = Float32Array.from(values, (value) => value);
    const vectors = { data, rows: 6, dims: 1 };
    const draw = (seed: number): ReturnType<typeof scorePairs> =>
      scorePairs(vectors, labels, { seed, mostSame: 3, mostDifferent: 10 });
    const drawn = { same: new Map<number, number>(), different: new Map<number, number>() };
    for (let seed = 0; seed < 2000; seed++) {
      const pairs = await draw(seed);
      expect(pairs.sampled).toBe(true);
      for (const kind of ['same', 'different'] as const)
        for (const product of pairs[kind]) drawn[kind].set(product, (drawn[kind].get(product) ?? 0) + 1);
    }
    const products = { same: [1 * 2, 1 * 4, 2 * 4, 8 * 16], different: [] as number[] };
    for (let a = 0; a < 6; a++)
      for (let b = a + 1; b < 6; b++) if (labels[a] !== labels[b]) products.different.push(values[a] * values[b]);
    for (const kind of ['same', 'different'] as const) {
      const expected = new Map<number, number>();
      for (const product of products[kind]) expected.set(product, (expected.get(product) ?? 0) + 1);
      expect(new Set(drawn[kind].keys())).toEqual(new Set(expected.keys()));
      const draws = kind === 'same' ? 6000 : 20_000;
      for (const [product, ways] of expected) {
        const share = ways / products[kind].length;
        const spread = Math.sqrt(draws * share * (1 - share));
        expect(Math.abs((drawn[kind].get(product) ?? 0) - draws * share)).toBeLessThan(5 * spread);
      }
    }
    expect(await draw(7)).toEqual(await draw(7));
  });

  it('deals the classes out into halves, and knows which pairs are within one', async () => {
    const labels = Int32Array.from({ length: 20 }, (_, i) => i % 10);
    const { sameHalf, differentHalf } = await scorePairs(unitRows(20, 3, 2), labels, { seed: 1 });
    expect([...sameHalf].filter((half) => half === 0)).toHaveLength(5);
    expect([...sameHalf].filter((half) => half === 1)).toHaveLength(5);
    // Five classes of two items a half: 45 - 5 pairs of different classes within each; all others are between the halves.
    for (const [half, count] of [
      [0, 40],
      [1, 40],
      [2, 100],
    ])
      expect([...differentHalf].filter((each) => each === half)).toHaveLength(count);
  });
});

describe('verification', () => {
  it('agrees with the definitions, threshold by threshold', () => {
    const random = new Random(3);
    const same = normals(300, 0.6, random).map(Math.fround);
    const different = normals(2000, 0.2, random).map(Math.fround);
    const found = verification(scores(same, different), 0.05)!;
    const share = (values: readonly number[], threshold: number): number =>
      values.filter((value) => value >= threshold).length / values.length;
    // The best true-match rate of all thresholds that keep the false-match rate.
    const best = (rate: number): number =>
      Math.max(0, ...[...same, ...different].filter((t) => share(different, t) <= rate).map((t) => share(same, t)));
    expect(found.trueMatchRates.map(({ wanted }) => wanted)).toEqual([0.1, 0.01]);
    for (const point of found.trueMatchRates) {
      expect(point.trueMatchRate).toBe(best(point.wanted));
      expect(point.falseMatchRate).toBe(share(different, point.threshold));
      expect(point.falseMatchRate).toBeLessThanOrEqual(point.wanted);
    }
    const { calibrated } = found;
    expect(calibrated).toMatchObject({ wanted: 0.05, trueMatchRate: best(0.05) });
    expect(share(different, calibrated!.threshold)).toBe(calibrated!.falseMatchRate);
    let wins = 0;
    for (const s of same) for (const d of different) wins += s > d ? 1 : s === d ? 0.5 : 0;
    expect(found.rocAuc).toBeCloseTo(wins / (same.length * different.length), 12);
    // At the threshold where both errors are nearest to each other, each is about the equal error rate.
    const gaps = [...same, ...different].map((t) => ({ t, gap: Math.abs(share(different, t) - (1 - share(same, t))) }));
    const { t } = gaps.reduce((a, b) => (b.gap < a.gap ? b : a));
    expect(Math.abs(found.equalErrorRate - share(different, t))).toBeLessThan(1 / same.length);
  });

  it('has the equal error rate of examples that were worked out by hand', () => {
    const eer = (same: number[], different: number[]): number =>
      equalErrorRate(operatingPoints(Float32Array.from(same), Float32Array.from(different)));
    expect(eer([0.9, 0.8], [0.1, 0.2])).toBe(0);
    expect(eer([0.1, 0.2], [0.8, 0.9])).toBe(1);
    expect(eer([0.5, 0.5], [0.5, 0.5])).toBe(0.5);
    // 0.7 and above: one of four pairs wrong, three of four right.
    expect(eer([0.9, 0.8, 0.7, 0.1], [0.75, 0.3, 0.2, 0.0])).toBe(0.25);
  });

  it('draws a curve that rises from nothing to all, with every kept point on the true one', () => {
    const random = new Random(5);
    const pairs = scores(normals(500, 0.5, random), normals(5000, 0.3, random));
    const { roc } = verification(pairs, 0.01)!;
    const all = new Set(
      operatingPoints(pairs.same, pairs.different).map((p) => `${p.falseMatchRate} ${p.trueMatchRate}`),
    );
    expect(roc[0]).toEqual({ falseMatchRate: 0, trueMatchRate: 0 });
    expect(roc.at(-1)).toEqual({ falseMatchRate: 1, trueMatchRate: 1 });
    for (let i = 1; i < roc.length; i++) {
      expect(roc[i].falseMatchRate).toBeGreaterThanOrEqual(roc[i - 1].falseMatchRate);
      expect(roc[i].trueMatchRate).toBeGreaterThanOrEqual(roc[i - 1].trueMatchRate);
      expect(all).toContain(`${roc[i].falseMatchRate} ${roc[i].trueMatchRate}`);
    }
  });

  it('checks the threshold on the half of the classes that it was not calibrated on', () => {
    const random = new Random(9);
    // The second half's pairs are more similar by 0.2 throughout: a threshold of the first lets far too many through.
    const halves = [normals(100, 0.6, random), normals(100, 0.8, random)];
    const others = [normals(1000, 0.1, random), normals(1000, 0.3, random)];
    const sameHalf = Uint8Array.from({ length: 200 }, (_, i) => (i < 100 ? 0 : 1));
    const differentHalf = Uint8Array.from({ length: 2000 }, (_, i) => (i < 1000 ? 0 : 1));
    const pairs = { ...scores(halves.flat(), others.flat()), sameHalf, differentHalf };
    const { calibrated } = verification(pairs, 0.05)!;
    const share = (values: number[], threshold: number): number =>
      values.filter((value) => Math.fround(value) >= threshold).length / values.length;
    const lowest = (values: number[]): number =>
      Math.min(
        ...values
          .concat(halves[others.indexOf(values)])
          .map(Math.fround)
          .filter((t) => share(values, t) <= 0.05),
      );
    const expected = (share(others[1], lowest(others[0])) + share(others[0], lowest(others[1]))) / 2;
    expect(calibrated!.check!.falseMatchRate).toBeCloseTo(expected, 12);
    expect(calibrated!.check!.falseMatchRate).toBeGreaterThan(0.1);
  });

  it('says nothing without both kinds of pair, and no threshold where none is strict enough', () => {
    expect(verification(scores([], [0.1]), 0.1)).toBeUndefined();
    expect(verification(scores([0.9], []), 0.1)).toBeUndefined();
    expect(verification(scores([0.2, 0.3], [0.9, 0.1]), 0.1)!.calibrated).toBeUndefined();
    expect(verification(scores([0.9], [0.1]), 0.1)).toMatchObject({
      rocAuc: 1,
      equalErrorRate: 0,
      trueMatchRates: [],
      calibrated: { wanted: 0.1, trueMatchRate: 1, falseMatchRate: 0 },
    });
  });
});
