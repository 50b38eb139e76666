import { describe, expect, it } from 'vitest';
import { COMPOSITIONS, FORMULAS } from './cases';
import { betaDifferences, expected, finiteDifferences, measure, randomBatch } from './measure';
import type { PairLossSettings, Rows } from './naive';

const BATCHES: [string, readonly number[], number][] = [
  ['pairs', [0, 0, 1, 1, 2, 2, 3, 3], 5],
  ['uneven classes, one alone', [7, 3, 3, 3, 7, 9, 3, 1], 4],
  ['four of a class', Array.from({ length: 12 }, (_, i) => i >> 2), 6],
];

function expectDefinition(settings: PairLossSettings, labels: readonly number[], dims: number): void {
  for (let seed = 1; seed <= 4; seed++) {
    const rows = randomBatch(seed, labels, dims, seed * 0.3);
    const want = expected(settings, rows, labels);
    const found = measure(settings, rows, labels);
    expect(Math.abs(found.loss - want.loss)).toBeLessThan(2e-5 * Math.max(1, want.loss));
    expect(found.activeShare).toBeCloseTo(want.activeShare, 5);
  }
}

function expectSlope(settings: PairLossSettings, labels: readonly number[], dims: number): void {
  const rows = randomBatch(11, labels, dims);
  const found = measure(settings, rows, labels);
  expectClose(found.gradient.flat(), finiteDifferences(settings, rows, labels).flat());
  if (found.betaGradient) expectClose(found.betaGradient, betaDifferences(settings, rows, labels));
}

function expectClose(found: readonly number[], want: readonly number[]): void {
  const largest = Math.max(1, ...want.map(Math.abs));
  found.forEach((g, i) => expect(Math.abs(g - want[i])).toBeLessThan(2e-4 * largest));
}

describe.each(FORMULAS)('%s', (_, settings) => {
  it.each(BATCHES)('agrees with the definition: %s', (_name, labels, dims) => {
    expectDefinition(settings, labels, dims);
  });

  it.each(BATCHES)('has the slope of the definition: %s', (_name, labels, dims) => {
    expectSlope(settings, labels, dims);
  });
});

describe.each(COMPOSITIONS)('%s', (_, settings) => {
  it('agrees with the definition, in value and slope', () => {
    const [[, uneven, few], [, even, dims]] = BATCHES.slice(1);
    expectDefinition(settings, even, dims);
    expectDefinition(settings, uneven, few);
    expectSlope(settings, uneven, few);
  });
});

it('looks at all anchors of a batch of more than one chunk', () => {
  const labels = Array.from({ length: 120 }, (_, i) => i % 9);
  const rows = randomBatch(3, labels, 4, 0.6);
  for (const settings of [
    { kind: 'triplet', margin: 0.3, miner: 'semi-hard' },
    { kind: 'contrastive', positiveMargin: 0, negativeMargin: 1, miner: 'hard' },
  ] satisfies PairLossSettings[]) {
    const want = expected(settings, rows, labels);
    const found = measure(settings, rows, labels);
    expect(found.loss).toBeCloseTo(want.loss, 4);
    expect(found.activeShare).toBeCloseTo(want.activeShare, 4);
  }
});

/** A batch that lacks what makes the loss one: its loss is 0, without a gradient. */
const SILENT: [string, Rows, readonly number[], (settings: PairLossSettings) => boolean][] = [
  ['no positives', randomBatch(1, [0, 1, 2, 3], 3), [0, 1, 2, 3], (settings) => !learnsFromNegatives(settings)],
  ['one sample', [[1, 2]], [0], () => true],
  ['one class', randomBatch(2, [5, 5, 5], 3), [5, 5, 5], (settings) => !learnsFromPositives(settings)],
  ['two samples', randomBatch(2, [5, 6], 3), [5, 6], (settings) => !learnsFromNegatives(settings)],
];

function learnsFromNegatives({ kind }: PairLossSettings): boolean {
  return ['contrastive', 'multi-similarity', 'generalised-lifted-structure'].includes(kind);
}

function learnsFromPositives(settings: PairLossSettings): boolean {
  const mustRank = settings.kind === 'fast-ap' || settings.kind === 'vicreg';
  return mustRank || ['contrastive', 'multi-similarity', 'generalised-lifted-structure'].includes(settings.kind);
}

/** Batches at the edge of what a batch can be. */
const AWKWARD: [string, Rows, readonly number[]][] = [
  ['identical embeddings', Array.from({ length: 6 }, () => [0.3, -0.7, 0.2]), [0, 0, 1, 1, 2, 2]],
  ['zero vectors', [[0, 0], [0, 0], [1, 0], [0, 1]], [0, 0, 1, 1]], // prettier-ignore
  ['only zero vectors', Array.from({ length: 4 }, () => [0, 0, 0]), [0, 0, 1, 1]],
  ['one dimension', [[1], [-2], [3], [0.5]], [0, 0, 1, 1]],
  ['opposite embeddings', [[1, 1], [-1, -1], [1, 1], [-1, -1]], [0, 0, 1, 1]], // prettier-ignore
  ['two of one class', [[1, 2], [2, 1]], [4, 4]], // prettier-ignore
  ['enormous and tiny', [[1e8, 1], [1e-5, 1e-5], [-1e8, 3], [2e-5, 1e-5]], [0, 0, 1, 1]], // prettier-ignore
  ['no positives', randomBatch(1, [0, 1, 2, 3], 3), [0, 1, 2, 3]],
  ['one class', randomBatch(2, [5, 5, 5], 3), [5, 5, 5]],
];

/** What is not normalised grows with the embeddings. */
function isOfLength(settings: PairLossSettings): boolean {
  return settings.kind === 'vicreg' || settings.distance === 'dot';
}

describe.each([...FORMULAS, ...COMPOSITIONS])('%s, at the edge', (_, settings) => {
  it('is 0 without a valid pair or triplet, and its gradient too', () => {
    for (const [name, rows, labels, isSilent] of SILENT) {
      if (!isSilent(settings)) continue;
      const found = measure(settings, rows, labels);
      expect(found.loss, name).toBe(0);
      expect(found.activeShare, name).toBe(0);
      expect(found.gradient.flat().every((g) => g === 0), name).toBe(true); // prettier-ignore
    }
  });

  it('stays finite and right', () => {
    for (const [name, rows, labels] of AWKWARD) {
      if (name === 'enormous and tiny' && isOfLength(settings)) continue;
      const found = measure(settings, rows, labels);
      const want = expected(settings, rows, labels);
      expect(found.gradient.flat().every(Number.isFinite), name).toBe(true);
      expect(Math.abs(found.loss - want.loss), name).toBeLessThan(1e-3 * Math.max(1, want.loss));
    }
  });
});

it('contrastive pulls identical positives no further', () => {
  const settings: PairLossSettings = { kind: 'contrastive', positiveMargin: 0, negativeMargin: 1 };
  const same = [0.1, 0.9, 0.3];
  const found = measure(settings, [same, same], [1, 1]);
  expect(found).toMatchObject({ loss: 0, activeShare: 0, gradient: [[0, 0, 0], [0, 0, 0]] }); // prettier-ignore
});
