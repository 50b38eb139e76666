import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { PAIR_LOSSES, type PairLossSettings } from '../../../src/trainer/types/pairLosses';
import { CLASSES, measure } from './measure';
import type { Rows } from './naive';

interface Golden {
  readonly settings: PairLossSettings;
  readonly embeddings: Rows;
  readonly labels: readonly number[];
  readonly loss: number;
  readonly gradient: Rows;
}

/** Made by golden/make.py. */
const GOLDEN = JSON.parse(readFileSync(path.join(__dirname, 'golden', 'golden.json'), 'utf8')) as Golden[];

function betas(settings: PairLossSettings): number[] | undefined {
  if (settings.kind !== 'margin' || settings.boundary === 'fixed') return undefined;
  return Array.from({ length: settings.boundary === 'learned' ? 1 : CLASSES }, () => settings.beta);
}

describe('pytorch-metric-learning', () => {
  it.each(GOLDEN.map((golden) => [JSON.stringify(golden.settings), golden] as const))(
    'has the same: %s',
    (_, { settings, embeddings, labels, loss, gradient }) => {
      const found = measure(settings, embeddings, labels, betas(settings));
      expect(Math.abs(found.loss - loss)).toBeLessThanOrEqual(1e-5 * loss);
      const largest = Math.max(...gradient.flat().map(Math.abs));
      found.gradient.forEach((row, i) =>
        row.forEach((g, k) => expect(Math.abs(g - gradient[i][k])).toBeLessThanOrEqual(1e-4 * largest + 1e-12)),
      );
    },
  );

  it('is asked about every loss that it has, and miners that find something', () => {
    const asked = new Set(GOLDEN.map(({ settings }) => settings.kind));
    expect(asked).toEqual(new Set(PAIR_LOSSES.filter((kind) => kind !== 'quadruplet')));
    // Easy triplets keep the miner's margin; those that keep the loss's too cost nothing.
    const silent = GOLDEN.filter(({ loss }) => loss === 0);
    expect(silent.every(({ settings }) => 'miner' in settings && settings.miner === 'easy')).toBe(true);
  });
});
