import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { withBackend } from '../../../src/trainer/engine/tracer/backends';
import type { LossValue } from '../../../src/trainer/losses/loss';
import { lossOf } from '../../../src/trainer/losses/lossOf';
import { Random } from '../../../src/trainer/random';
import { naiveLoss, type PairLossSettings, type Rows } from './naive';

const LOSSES: [string, PairLossSettings][] = [
  ['contrastive', { kind: 'contrastive', positiveMargin: 0, negativeMargin: 1 }],
  ['contrastive with margins', { kind: 'contrastive', positiveMargin: 0.4, negativeMargin: 1.3 }],
  ['triplet all', { kind: 'triplet', margin: 0.05, miner: 'all' }],
  ['triplet all, wide', { kind: 'triplet', margin: 0.5, miner: 'all' }],
  ['triplet semi-hard', { kind: 'triplet', margin: 0.05, miner: 'semi-hard' }],
  ['triplet semi-hard, wide', { kind: 'triplet', margin: 0.3, miner: 'semi-hard' }],
  ['triplet hard', { kind: 'triplet', margin: 0.05, miner: 'hard' }],
  ['triplet batch-hard', { kind: 'triplet', margin: 0.2, miner: 'batch-hard' }],
  ['nt-xent', { kind: 'nt-xent', temperature: 0.07 }],
  ['nt-xent, warm', { kind: 'nt-xent', temperature: 0.5 }],
];

interface Measured {
  readonly loss: number;
  readonly activeShare: number;
  readonly gradient: number[][];
}

function measure(settings: PairLossSettings, rows: Rows, labels: readonly number[]): Measured {
  return withBackend('cpu', () => {
    const x = tf.tensor2d(rows.map((row) => [...row]));
    const y = tf.tensor1d([...labels], 'int32');
    const loss = lossOf(settings, { classes: labels.length, embeddingSize: x.shape[1], batchSize: labels.length });
    const evaluate = (embeddings: tf.Tensor2D): LossValue =>
      loss.evaluate({ embeddings, labels: y, parameters: {}, memory: {}, noise: {} });
    const gradient = tf
      .grad((e) => evaluate(e as tf.Tensor2D).loss)(x)
      .arraySync() as number[][];
    const value = evaluate(x);
    return { loss: value.loss.arraySync(), activeShare: value.activeShare.arraySync(), gradient };
  });
}

function randomBatch(seed: number, labels: readonly number[], dims: number, spread = 1): number[][] {
  const random = new Random(seed);
  const centres = new Map<number, number[]>();
  return labels.map((label) => {
    let centre = centres.get(label);
    if (!centre) centres.set(label, (centre = Array.from({ length: dims }, () => random.normal())));
    return centre.map((x) => x + spread * random.normal());
  });
}

function finiteDifferences(settings: PairLossSettings, rows: Rows, labels: readonly number[]): number[][] {
  const step = 1e-6;
  return rows.map((row, i) =>
    row.map((_, k) => {
      const moved = (by: number): Rows => rows.map((r, j) => (j === i ? r.map((x, l) => (l === k ? x + by : x)) : r));
      const up = naiveLoss(settings, moved(step), labels).loss;
      const down = naiveLoss(settings, moved(-step), labels).loss;
      return (up - down) / (2 * step);
    }),
  );
}

const BATCHES: [string, readonly number[], number][] = [
  ['pairs', [0, 0, 1, 1, 2, 2, 3, 3], 5],
  ['uneven classes, one alone', [7, 3, 3, 3, 7, 9, 3, 1000000], 4],
  ['more than one chunk of anchors', Array.from({ length: 40 }, (_, i) => i % 9), 8],
];

describe.each(LOSSES)('%s', (_, settings) => {
  it.each(BATCHES)('agrees with the definition: %s', (_name, labels, dims) => {
    for (let seed = 1; seed <= 4; seed++) {
      const rows = randomBatch(seed, labels, dims, seed * 0.3);
      const expected = naiveLoss(settings, rows, labels);
      const found = measure(settings, rows, labels);
      expect(Math.abs(found.loss - expected.loss)).toBeLessThan(2e-5 * Math.max(1, expected.loss));
      expect(found.activeShare).toBeCloseTo(expected.activeShare, 5);
    }
  });

  it.each(BATCHES.slice(0, 2))('has the slope of the definition: %s', (_name, labels, dims) => {
    const rows = randomBatch(11, labels, dims);
    const expected = finiteDifferences(settings, rows, labels).flat();
    const found = measure(settings, rows, labels).gradient.flat();
    const largest = Math.max(...expected.map(Math.abs));
    found.forEach((g, i) => expect(Math.abs(g - expected[i])).toBeLessThan(1e-4 * Math.max(largest, 1)));
  });

  const silent: [string, Rows, readonly number[]][] = [
    ['no positives', randomBatch(1, [0, 1, 2, 3], 3), [0, 1, 2, 3]],
    ['one sample', [[1, 2]], [0]],
  ];
  if (settings.kind !== 'contrastive') silent.push(['one class', randomBatch(2, [5, 5, 5], 3), [5, 5, 5]]);
  if (settings.kind !== 'contrastive') silent.push(['two samples', randomBatch(2, [5, 6], 3), [5, 6]]);
  it.each(silent)('gives loss 0 and gradient 0 without valid pairs: %s', (name, rows, labels) => {
    const found = measure(settings, rows, labels);
    if (settings.kind === 'contrastive' && name === 'no positives') {
      expect(found.loss).toBeCloseTo(naiveLoss(settings, rows, labels).loss, 5);
      return;
    }
    expect(found.loss).toBe(0);
    expect(found.activeShare).toBe(0);
    expect(found.gradient.flat().every((g) => g === 0)).toBe(true);
  });

  const awkward: [string, Rows, readonly number[]][] = [
    ['identical embeddings', Array.from({ length: 6 }, () => [0.3, -0.7, 0.2]), [0, 0, 1, 1, 2, 2]],
    [
      'zero vectors',
      [
        [0, 0],
        [0, 0],
        [1, 0],
        [0, 1],
      ],
      [0, 0, 1, 1],
    ],
    ['only zero vectors', Array.from({ length: 4 }, () => [0, 0, 0]), [0, 0, 1, 1]],
    ['one dimension', [[1], [-2], [3], [0.5]], [0, 0, 1, 1]],
    [
      'opposite embeddings',
      [
        [1, 1],
        [-1, -1],
        [1, 1],
        [-1, -1],
      ],
      [0, 0, 1, 1],
    ],
    [
      'two of one class',
      [
        [1, 2],
        [2, 1],
      ],
      [4, 4],
    ],
    [
      'enormous and tiny',
      [
        [1e8, 1],
        [1e-5, 1e-5],
        [-1e8, 3],
        [2e-5, 1e-5],
      ],
      [0, 0, 1, 1],
    ],
  ];
  it.each(awkward)('stays finite and right: %s', (_name, rows, labels) => {
    const found = measure(settings, rows, labels);
    const expected = naiveLoss(settings, rows, labels);
    expect(found.gradient.flat().every(Number.isFinite)).toBe(true);
    expect(Math.abs(found.loss - expected.loss)).toBeLessThan(1e-3 * Math.max(1, expected.loss));
  });
});

it('contrastive pulls identical positives no further', () => {
  const settings: PairLossSettings = { kind: 'contrastive', positiveMargin: 0, negativeMargin: 1 };
  const found = measure(
    settings,
    [
      [0.1, 0.9, 0.3],
      [0.1, 0.9, 0.3],
    ],
    [1, 1],
  );
  expect(found).toEqual({
    loss: 0,
    activeShare: 0,
    gradient: [
      [0, 0, 0],
      [0, 0, 0],
    ],
  });
});
