import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { withBackend } from '../../../src/trainer/engine/tracer/backends';
import type { LossInput } from '../../../src/trainer/losses/loss';
import { lossOf } from '../../../src/trainer/losses/lossOf';
import { DEFAULT_LOSSES } from '../../../src/trainer/training/choices';
import type { SumSettings } from '../../../src/trainer/types/training';
import { randomBatch, uniformOf } from './measure';

const LABELS = [0, 0, 1, 1, 2, 2];
const SIZES = { classes: 3, embeddingSize: 4, batchSize: 6 };

const SUM: SumSettings = {
  kind: 'sum',
  parts: [
    { weight: 0.5, loss: { ...DEFAULT_LOSSES.triplet, miner: 'distance-weighted' } },
    { weight: 2, loss: { ...DEFAULT_LOSSES.margin, nu: 0.1 } },
    { weight: 3, loss: { ...DEFAULT_LOSSES.contrastive, memory: { size: 8 } } },
    { weight: 1, loss: DEFAULT_LOSSES['proxy-anchor'] },
  ],
};

it('is the sum of its parts times their weights, each with what it learns, remembers and draws', () => {
  withBackend('cpu', () => {
    const loss = lossOf(SUM, SIZES);
    expect(Object.keys(loss.parameters)).toEqual(['1/beta', '3/proxies']);
    expect(Object.keys(loss.memory)).toEqual(['2/embeddings', '2/labels']);
    expect(Object.keys(loss.noise)).toEqual(['0/uniform']);
    const given = {
      embeddings: tf.tensor2d(randomBatch(1, LABELS, 4)),
      labels: tf.tensor1d(LABELS, 'int32'),
    };
    const own: Omit<LossInput, 'embeddings' | 'labels'> = {
      parameters: { beta: tf.tensor1d([1.1]), proxies: tf.tensor2d(randomBatch(2, [0, 1, 2], 4)) },
      memory: { embeddings: tf.tensor2d(randomBatch(3, LABELS.concat(0, 0), 4)), labels: tf.tensor1d([0, 1, 2, 0, 1, 2, 0, -1]) }, // prettier-ignore
      noise: { uniform: tf.tensor2d(uniformOf(6, 6)) },
    };
    const values = SUM.parts.map((part) => lossOf(part.loss, SIZES).evaluate({ ...given, ...own }));
    const found = loss.evaluate({
      ...given,
      parameters: { '1/beta': own.parameters['beta'], '3/proxies': own.parameters['proxies'] },
      memory: { '2/embeddings': own.memory['embeddings'], '2/labels': own.memory['labels'] },
      noise: { '0/uniform': own.noise['uniform'] },
    });
    const want = values.reduce((total, value, i) => total + SUM.parts[i].weight * value.loss.arraySync(), 0);
    expect(found.loss.arraySync()).toBeCloseTo(want, 4);
    values.forEach((value, i) => {
      expect(found.parts?.arraySync()[i]).toBeCloseTo(SUM.parts[i].weight * value.loss.arraySync(), 4);
    });
    const share = values.reduce((total, value) => total + value.activeShare.arraySync(), 0) / 4;
    expect(found.activeShare.arraySync()).toBeCloseTo(share, 6);
    expect(found.memory?.['2/labels'].arraySync()).toEqual(values[2].memory?.['labels'].arraySync());
  });
});
