import { describe, expect, it } from 'vitest';
import { bootstrap, quantile, RESAMPLES } from '../../../src/trainer/evaluation/bootstrap';
import { macroMeans, microMeans } from '../../../src/trainer/evaluation/measures';
import type { QueryResults } from '../../../src/trainer/evaluation/queries';
import { Random } from '../../../src/trainer/random';
import { MEASURES } from '../../../src/trainer/types/evaluation';

/** Results of queries of the given labels that find their class at random ranks. */
function results(labels: readonly number[], seed: number): QueryResults {
  const random = new Random(seed);
  const count = labels.length;
  return {
    rows: Int32Array.from(labels.keys()),
    labels: Int32Array.from(labels),
    nearest: new Int32Array(count),
    similarity: new Float32Array(count),
    firstHit: Int32Array.from(labels, () => 1 + random.integer(12)),
    rPrecision: Float64Array.from(labels, () => random.next()),
    averagePrecision: Float64Array.from(labels, () => random.next()),
  };
}

/** The queries of a resample, one by one, as a set of results of its own. */
function taken(
  all: QueryResults,
  queries: readonly number[],
  labelOf: (query: number, draw: number) => number,
): QueryResults {
  return {
    ...all,
    rows: Int32Array.from(queries),
    labels: Int32Array.from(queries, labelOf),
    firstHit: Int32Array.from(queries, (query) => all.firstHit[query]),
    rPrecision: Float64Array.from(queries, (query) => all.rPrecision[query]),
    averagePrecision: Float64Array.from(queries, (query) => all.averagePrecision[query]),
  };
}

const LABELS = [0, 0, 0, 0, 0, 1, 1, 2, 2, 2, 7, 7];

describe('bootstrap', () => {
  it('takes the percentiles of the measures of resampled queries', async () => {
    const all = results(LABELS, 1);
    const [found] = await bootstrap([all], { over: 'queries', seed: 5 });
    const random = new Random(5).fork('bootstrap');
    const resampled = Array.from({ length: RESAMPLES }, () => {
      const queries = LABELS.map(() => random.integer(LABELS.length));
      return taken(all, queries, (query) => LABELS[query]);
    });
    for (const measure of MEASURES) {
      for (const [kind, means] of [
        ['micro', microMeans],
        ['macro', macroMeans],
      ] as const) {
        const sorted = Float64Array.from(resampled, (sample) => means(sample)[measure]).sort();
        expect(found[kind][measure].low).toBeCloseTo(quantile(sorted, 0.025), 12);
        expect(found[kind][measure].high).toBeCloseTo(quantile(sorted, 0.975), 12);
      }
    }
  });

  it('takes classes whole, and one that is drawn twice counts twice', async () => {
    const all = results(LABELS, 2);
    const [found] = await bootstrap([all], { over: 'classes', seed: 5 });
    const random = new Random(5).fork('bootstrap');
    const classes = [0, 1, 2, 7];
    const resampled = Array.from({ length: RESAMPLES }, () => {
      const drawn = classes.map(() => classes[random.integer(4)]);
      const members = drawn.flatMap((label, draw) =>
        LABELS.flatMap((each, query) => (each === label ? [{ query, draw }] : [])),
      );
      return taken(
        all,
        members.map(({ query }) => query),
        (_, i) => members[i].draw,
      );
    });
    for (const measure of MEASURES) {
      for (const [kind, means] of [
        ['micro', microMeans],
        ['macro', macroMeans],
      ] as const) {
        const sorted = Float64Array.from(resampled, (sample) => means(sample)[measure]).sort();
        expect(found[kind][measure].low).toBeCloseTo(quantile(sorted, 0.025), 12);
        expect(found[kind][measure].high).toBeCloseTo(quantile(sorted, 0.975), 12);
      }
    }
  });

  it('compares models on the same resamples: one that is better throughout is better in each', async () => {
    const worse = results(LABELS, 3);
    const better = { ...worse, averagePrecision: worse.averagePrecision.map((value) => value + 0.1) };
    const [, found] = await bootstrap([worse, better], { over: 'queries', seed: 1 });
    const { low, high } = found.difference(0, 'mapAtR');
    expect(low).toBeCloseTo(0.1, 12);
    expect(high).toBeCloseTo(0.1, 12);
  });

  it('covers the truth about as often as it says', async () => {
    const random = new Random(11);
    let covered = 0;
    for (let trial = 0; trial < 100; trial++) {
      const labels = Array.from({ length: 80 }, (_, i) => i % 4);
      const sample = {
        ...results(labels, trial),
        rPrecision: Float64Array.from(labels, () => 0.3 + 0.1 * random.normal()),
      };
      const [{ micro }] = await bootstrap([sample], { over: 'queries', seed: trial, resamples: 300 });
      if (micro.rPrecision.low <= 0.3 && micro.rPrecision.high >= 0.3) covered++;
    }
    expect(covered).toBeGreaterThanOrEqual(87);
    expect(covered).toBeLessThanOrEqual(100);
  });

  it('has quantiles as NumPy: between two values on a straight line', () => {
    const values = Float64Array.of(1, 2, 4, 8);
    expect(quantile(values, 0)).toBe(1);
    expect(quantile(values, 1)).toBe(8);
    expect(quantile(values, 0.5)).toBe(3);
    expect(quantile(values, 0.9)).toBeCloseTo(6.8, 12);
  });
});
