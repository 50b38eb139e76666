import { describe, expect, it } from 'vitest';
import type { TrainingMetrics } from '../../../src/trainer/protocol';
import { Curve } from '../../../src/webview/training/curve';
import { lossDomain, recallDomain, stepDomain } from '../../../src/webview/training/domains';
import { nearestPoint, smoothed, thinned } from '../../../src/webview/training/smoothing';
import { tableRows } from '../../../src/webview/training/tableRows';

function point(step: number, recallAt1?: number): TrainingMetrics {
  return {
    step,
    loss: 5 - step / 100,
    activeShare: 0.5,
    imagesPerSecond: 100,
    seconds: step,
    ...(recallAt1 === undefined ? {} : { recallAt1 }),
  };
}

describe('a training curve', () => {
  it('drops what came after the checkpoint that a run went back to', () => {
    const curve = new Curve();
    for (const step of [10, 20, 30]) curve.add(point(step));
    curve.add(point(20, 0.4));
    expect(curve.points.map(({ step }) => step)).toEqual([10, 20]);
    expect(curve.recalls()).toEqual([{ step: 20, recallAt1: 0.4 }]);
  });

  it('keeps live points that are newer than the history that arrives after them', () => {
    const curve = new Curve();
    curve.add(point(30));
    curve.add(point(40));
    curve.load([point(10), point(20), point(30)]);
    expect(curve.points.map(({ step }) => step)).toEqual([10, 20, 30, 40]);
  });

  it('knows its best, the first of equals', () => {
    const curve = new Curve();
    curve.load([point(10, 0.2), point(20, 0.6), point(30, 0.6), point(40)]);
    expect(curve.best()).toEqual({ step: 20, recallAt1: 0.6 });
    expect(new Curve().best()).toBeUndefined();
  });
});

describe('smoothing', () => {
  it('leaves a constant as it is from the first point on', () => {
    const flat = Array.from({ length: 20 }, (_, step) => ({ step, value: 3 }));
    for (const { value } of smoothed(flat, 0.9)) expect(value).toBeCloseTo(3, 12);
  });

  it('is the weighted mean of its definition', () => {
    const values = [1, 5, 2, 8];
    const last = smoothed(
      values.map((value, step) => ({ step, value })),
      0.5,
    ).at(-1)!.value;
    const weights = values.map((_, i) => 0.5 ** (values.length - 1 - i));
    const total = weights.reduce((a, b) => a + b);
    expect(last).toBeCloseTo(values.reduce((sum, value, i) => sum + value * weights[i], 0) / total, 12);
  });

  it('thins a long curve without losing a peak', () => {
    const points = Array.from({ length: 10_000 }, (_, step) => ({
      step,
      value: step === 7777 ? 99 : Math.sin(step / 50),
    }));
    const few = thinned(points, 100);
    expect(few.length).toBeLessThanOrEqual(200);
    expect(few.some(({ value }) => value === 99)).toBe(true);
    expect(few.every(({ step }, i) => i === 0 || step > few[i - 1].step)).toBe(true);
    expect(thinned(points.slice(0, 150), 100)).toHaveLength(150);
  });

  it('finds the nearest point', () => {
    const points = [0, 10, 40].map((step) => ({ step, value: step }));
    expect(nearestPoint(points, 24)?.step).toBe(10);
    expect(nearestPoint(points, 26)?.step).toBe(40);
    expect(nearestPoint(points, -5)?.step).toBe(0);
    expect(nearestPoint(points, 500)?.step).toBe(40);
    expect(nearestPoint([], 5)).toBeUndefined();
  });
});

describe('domains', () => {
  it('hold all values, and the baseline', () => {
    expect(stepDomain(1000, 40)).toEqual([0, 1000]);
    expect(stepDomain(1000, 1200)).toEqual([0, 1200]);
    expect(stepDomain(0, undefined)).toEqual([0, 1]);
    const [, high] = recallDomain([{ step: 1, value: 0.31 }], 0.52);
    expect(high).toBeGreaterThan(0.52);
    expect(recallDomain([{ step: 1, value: 1 }], undefined)).toEqual([0, 1]);
  });

  it('are sound for no losses, one, equal ones, and ones that are no numbers', () => {
    for (const values of [[], [2], [2, 2], [NaN, 3, Infinity, 1], [-4, -2]]) {
      const [low, high] = lossDomain(values.map((value, step) => ({ step, value })));
      expect(high).toBeGreaterThan(low);
      for (const value of values.filter(Number.isFinite)) {
        expect(value).toBeGreaterThanOrEqual(low);
        expect(value).toBeLessThanOrEqual(high);
      }
    }
  });
});

describe('the table', () => {
  it('has every measured point and not many others, newest first', () => {
    const points = Array.from({ length: 5000 }, (_, i) => point(i, i % 333 === 0 ? 0.5 : undefined));
    const rows = tableRows(points);
    expect(rows.length).toBeLessThan(230);
    expect(rows.filter(({ recallAt1 }) => recallAt1 !== undefined)).toHaveLength(16);
    expect(rows[0].step).toBe(4999);
  });
});
