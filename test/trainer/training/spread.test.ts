import { describe, expect, it } from 'vitest';
import { isBetter } from '../../../src/trainer/training/measure';
import { embeddingSpread } from '../../../src/trainer/training/spread';
import { dot, mean } from '../evaluation/naive';
import { unitRows } from '../neighbours/rows';

describe('embeddingSpread', () => {
  it.each([
    ['everywhere', unitRows(60, 8, 1)],
    ['two items', unitRows(2, 3, 2)],
    ['one dimension', { data: Float32Array.of(1, -1, 1), rows: 3, dims: 1 }],
  ])('agrees with the definitions: %s', (_, rows) => {
    const pairs: number[] = [];
    for (let a = 0; a < rows.rows; a++) for (let b = 0; b < rows.rows; b++) if (a !== b) pairs.push(dot(rows, a, b));
    const deviations = Array.from({ length: rows.dims }, (__, d) => {
      const values = Array.from({ length: rows.rows }, (___, i) => rows.data[i * rows.dims + d]);
      return Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)));
    });
    const found = embeddingSpread(rows.data, rows.rows, rows.dims);
    expect(found.meanCosine).toBeCloseTo(mean(pairs), 6);
    expect(found.deviation).toBeCloseTo(mean(deviations) * Math.sqrt(rows.dims), 6);
    expect(found.collapsed).toBe(found.deviation < 0.25 ? true : undefined);
  });

  it('tells of a collapse', () => {
    const { data, rows, dims } = unitRows(50, 16, 3);
    const same = Float32Array.from(data, (value, i) => (i % dims === 0 ? 1 : 0.02 * value));
    expect(embeddingSpread(same, rows, dims)).toMatchObject({ collapsed: true });
    const one = new Float32Array(50 * 4).map((_, i) => (i % 4 === 0 ? 1 : 0));
    expect(embeddingSpread(one, 50, 4)).toEqual({ meanCosine: 1, deviation: 0, collapsed: true });
  });
});

it('keeps the checkpoint with the better MAP@R, and goes on from runs that chose by Recall@1', () => {
  const candidate = { step: 9, recallAt1: 0.5, meanAveragePrecision: 0.4 };
  expect(isBetter(candidate, undefined)).toBe(true);
  expect(isBetter(candidate, { step: 1, recallAt1: 0.6, meanAveragePrecision: 0.39 })).toBe(true);
  expect(isBetter(candidate, { step: 1, recallAt1: 0.4, meanAveragePrecision: 0.4 })).toBe(false);
  expect(isBetter(candidate, { step: 1, recallAt1: 0.4 })).toBe(true);
  expect(isBetter(candidate, { step: 1, recallAt1: 0.5 })).toBe(false);
});
