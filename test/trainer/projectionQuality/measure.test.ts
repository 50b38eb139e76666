import { describe, expect, it } from 'vitest';
import { KdTree } from '../../../src/trainer/projectionQuality/kdTree';
import { measureQuality, neighboursLookedAt, type QualityJob } from '../../../src/trainer/projectionQuality/measure';
import { cosineSpace, mapSpace } from '../../../src/trainer/projectionQuality/space';
import type { Matrix } from '../../../src/trainer/store/matrix';
import { spearman } from '../../../src/trainer/projectionQuality/spearman';
import { Random } from '../../../src/trainer/random';
import type { ItemMeasure, ProjectionQuality } from '../../../src/trainer/types/projectionQuality';
import { unitRows } from '../neighbours/rows';
import golden from './golden/trustworthiness.json' with { type: 'json' };
import { naiveQuality, naiveSpearman } from './naive';

const MEASURES: readonly ItemMeasure[] = ['trustworthiness', 'continuity', 'preservation', 'spearman'];

function firstAxes({ data, rows, dims }: Matrix, noise: number, seed: number, axes = 2): Matrix {
  const random = new Random(seed);
  const positions = Float32Array.from(
    { length: axes * rows },
    (_, i) => data[Math.floor(i / axes) * dims + (i % axes)] + noise * random.normal(),
  );
  return { data: positions, rows, dims: axes };
}

function measure(vectors: Matrix, positions: Matrix, k: number, more: Partial<QualityJob> = {}): ProjectionQuality {
  return measureQuality(
    { vectors, positions, k, anchors: vectors.rows, neighbours: undefined, seed: 1, ...more },
    () => undefined,
  );
}

/** True neighbours of every item, by sorting. */
function neighboursOf(vectors: Matrix, k: number): { k: number; indices: Int32Array } {
  const space = cosineSpace(vectors);
  const rows = Array.from({ length: vectors.rows }, (_, i) =>
    Array.from({ length: vectors.rows }, (__, j) => j)
      .filter((j) => j !== i)
      .sort((a, b) => space.distance(i, a) - space.distance(i, b) || a - b)
      .slice(0, k),
  );
  return { k, indices: Int32Array.from(rows.flat()) };
}

describe('with all items', () => {
  it.each([
    [30, 4, 0.1],
    [61, 15, 1],
    [7, 3, 0.3],
    [3, 1, 1],
  ])('is the definition in plain loops: %i items, k = %i', (n, k, noise) => {
    const vectors = unitRows(n, 5, n);
    const positions = firstAxes(vectors, noise, 2);
    const [truth, map] = [cosineSpace(vectors), mapSpace(positions)];
    const single = (f: (a: number, b: number) => number) => (a: number, b: number) => Math.fround(f(a, b));
    const expected = naiveQuality(n, k, single(truth.distance), single(map.distance));
    const found = measure(vectors, positions, k);
    for (const name of MEASURES) {
      found.perItem[name].forEach((value, i) => expect(value).toBeCloseTo(expected[name][i], 5));
      const mean = expected[name].reduce((sum, value) => sum + value, 0) / n;
      if (name !== 'spearman') expect(found[name]).toMatchObject({ low: found[name].value, high: found[name].value });
      if (name !== 'spearman') expect(found[name].value).toBeCloseTo(mean, 6);
    }
    expect(found.rnxAuc).toBeCloseTo(expected.rnxAuc, 10);
    expect(found).toMatchObject({ k, items: n, anchors: n });
  });

  it.each(golden.maps)('is the trustworthiness of scikit-learn: $name', ({ items, rows, positions, measures }) => {
    const vectors = { data: Float32Array.from(rows), rows: items, dims: rows.length / items };
    const places = { data: Float32Array.from(positions), rows: items, dims: 2 };
    for (const { k, trustworthiness, continuity } of measures) {
      const found = measure(vectors, places, k);
      expect(found.trustworthiness.value).toBeCloseTo(trustworthiness, 6);
      expect(found.continuity.value).toBeCloseTo(continuity, 6);
    }
  });

  it('is perfect for a map that is the embedding, and near chance for noise', () => {
    const circle = unitRows(200, 2, 4);
    const perfect = measure(circle, circle, 10);
    for (const name of MEASURES) expect(Math.min(...perfect.perItem[name])).toBeGreaterThan(0.999);
    expect(perfect.rnxAuc).toBeGreaterThan(0.99);
    expect(perfect.spearman).toBeGreaterThan(0.999);
    const noise = measure(circle, unitRows(200, 2, 5), 10);
    expect(noise.trustworthiness.value).toBeCloseTo(0.5, 1);
    expect(Math.abs(noise.rnxAuc)).toBeLessThan(0.05);
    expect(Math.abs(noise.spearman)).toBeLessThan(0.05);
  });

  it('is 0 where false neighbours are the farthest there are, for a k above half of the items too', () => {
    const vectors: Matrix = { data: Float32Array.of(1, 0, 0.9, 0.436, 0, 1, -1, 0), rows: 4, dims: 2 };
    // Seen from the first item, the order on the map is the reverse.
    const positions: Matrix = { data: Float32Array.of(0, 0, 3, 0, 2, 0, 1, 0), rows: 4, dims: 2 };
    for (const k of [1, 2]) {
      const { perItem } = measure(vectors, positions, k);
      expect([perItem.trustworthiness[0], perItem.continuity[0]]).toEqual([0, 0]);
    }
  });
});

describe('with a sample', () => {
  const vectors = unitRows(1500, 6, 8);
  const positions = firstAxes(vectors, 0.3, 3);
  const k = 10;
  const all = measure(vectors, positions, k);
  const neighbours = neighboursOf(vectors, k);
  const some = measure(vectors, positions, k, { anchors: 300, neighbours });

  it('has intervals that hold the figures of all items', () => {
    expect(some).toMatchObject({ anchors: 300, items: 1500 });
    for (const name of ['trustworthiness', 'continuity', 'preservation'] as const) {
      const { value, low, high } = some[name];
      expect(low).toBeLessThan(value);
      expect(low).toBeLessThan(all[name].value);
      expect(high).toBeGreaterThan(all[name].value);
      expect(high - low).toBeLessThan(0.1);
    }
    expect(some.rnxAuc).toBeCloseTo(all.rnxAuc, 1);
    expect(some.spearman).toBeCloseTo(all.spearman, 1);
  });

  it('is exact for kept neighbours of each item, and near the truth for the rest', () => {
    expect(some.perItem.references).toBe(128);
    expect(some.perItem.preservation).toEqual(all.perItem.preservation);
    const off = (name: ItemMeasure): number =>
      some.perItem[name].reduce((sum, value, i) => sum + Math.abs(value - all.perItem[name][i]), 0) / 1500;
    expect(off('trustworthiness')).toBeLessThan(0.04);
    expect(off('continuity')).toBeLessThan(0.04);
    // A correlation of 128 pairs.
    expect(off('spearman')).toBeLessThan(0.08);
  });

  it('gives the same for the same seed, and other anchors for another', () => {
    const again = measure(vectors, positions, k, { anchors: 300, neighbours });
    expect(again).toEqual(some);
    const other = measure(vectors, positions, k, { anchors: 300, neighbours, seed: 2 });
    expect(other.trustworthiness.value).not.toBe(some.trustworthiness.value);
  });
});

describe('edge cases', () => {
  const finite = ({ perItem, ...figures }: ProjectionQuality): boolean =>
    MEASURES.every((name) => perItem[name].every(Number.isFinite)) &&
    [figures.rnxAuc, figures.spearman, figures.continuity.value, figures.preservation.low].every(Number.isFinite);

  it.each([0, 1, 2, 3])('%i items have numbers that are numbers', (n) => {
    const vectors = unitRows(n, 4, 1);
    const found = measure(vectors, firstAxes(vectors, 0, 1), neighboursLookedAt(n, 15));
    expect(finite(found)).toBe(true);
    if (n < 3) expect(found.trustworthiness.value).toBe(1);
  });

  it('duplicates and rows of zeros and maps of one point have numbers that are numbers', () => {
    const same = { data: new Float32Array(40).fill(0.5), rows: 10, dims: 4 };
    const zero = { data: new Float32Array(40), rows: 10, dims: 4 };
    const point = { data: new Float32Array(20), rows: 10, dims: 2 };
    const line = { data: Float32Array.from({ length: 20 }, (_, i) => i), rows: 10, dims: 2 };
    for (const vectors of [same, zero]) {
      expect(measure(vectors, point, 3).trustworthiness.value).toBe(1);
      for (const anchors of [10, 4]) {
        const neighbours = neighboursOf(vectors, 3);
        expect(finite(measure(vectors, line, 3, { anchors, neighbours }))).toBe(true);
      }
    }
  });

  it('looks at no more than half of the other items', () => {
    expect([1, 2, 3, 10, 31, 100].map((n) => neighboursLookedAt(n, 15))).toEqual([0, 1, 1, 4, 15, 15]);
  });
});

it('finds the nearest points of a map, however they lie', () => {
  const random = new Random(5);
  for (const dims of [2, 3]) {
    const data = Float32Array.from({ length: 500 * dims }, () => random.normal() ** 3);
    const space = mapSpace({ data, rows: 500, dims });
    const tree = new KdTree({ data, rows: 500, dims });
    for (let item = 0; item < 500; item += 7) {
      const expected = Array.from({ length: 500 }, (_, i) => i)
        .filter((i) => i !== item)
        .sort((a, b) => space.distance(item, a) - space.distance(item, b))
        .slice(0, 9);
      expect([...tree.nearest(item, 9)]).toEqual(expected);
    }
  }
  const heap = new KdTree({ data: new Float32Array(2000), rows: 1000, dims: 2 });
  expect(new Set(heap.nearest(3, 5)).size).toBe(5);
  expect(heap.nearest(3, 5)).not.toContain(3);
});

it('correlates ranks as they are defined, ties and all', () => {
  const random = new Random(9);
  const a = Float32Array.from({ length: 50 }, () => random.integer(12));
  const b = a.map((value) => value + random.integer(8));
  expect(spearman(a, b)).toBeCloseTo(naiveSpearman([...a], [...b]), 12);
  expect(
    spearman(
      a,
      a.map((value) => -value),
    ),
  ).toBeCloseTo(-1, 12);
  const flat = new Float32Array(50);
  expect([spearman(flat, flat), spearman(a, flat), spearman(new Float32Array(0), new Float32Array(0))]).toEqual([
    1, 0, 1,
  ]);
});
