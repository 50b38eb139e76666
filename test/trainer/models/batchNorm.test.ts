import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { withBackend } from '../../../src/trainer/engine/tracer/backends';
import { averageStatistics, batchStatistics, normalise, normaliseBatch } from '../../../src/trainer/models/batchNorm';
import { Random } from '../../../src/trainer/random';

const SHAPE: [number, number, number, number] = [3, 2, 2, 2];
const CHANNELS = 2;
const random = new Random(3);
const draw = (length: number): number[] => Array.from({ length }, () => random.normal() + 0.5);
const input = draw(24);
const scale = draw(CHANNELS);
const shift = draw(CHANNELS);
const weights = draw(24);

/** Batch normalisation by its definition, in float64; then a weighted sum, so that every output has its own slope. */
function naive(x: readonly number[], gamma: readonly number[], beta: readonly number[]): number {
  let total = 0;
  for (let c = 0; c < CHANNELS; c++) {
    const values = x.filter((_, i) => i % CHANNELS === c);
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length;
    values.forEach((value, i) => {
      total += weights[i * CHANNELS + c] * (((value - mean) / Math.sqrt(variance + 1e-5)) * gamma[c] + beta[c]);
    });
  }
  return total;
}

function slope(at: readonly number[], f: (moved: number[]) => number): number[] {
  const step = 1e-5;
  const move = (i: number, by: number): number[] => at.map((value, j) => (i === j ? value + by : value));
  return at.map((_, i) => (f(move(i, step)) - f(move(i, -step))) / (2 * step));
}

function expectClose(found: ArrayLike<number>, expected: readonly number[], tolerance = 1e-4): void {
  expect(found.length).toBe(expected.length);
  expected.forEach((value, i) =>
    expect(Math.abs(found[i] - value)).toBeLessThan(tolerance * Math.max(1, Math.abs(value))),
  );
}

describe('batch normalisation', () => {
  it('has the value and the gradients of its definition', () => {
    withBackend('cpu', () => {
      const f = (x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor): tf.Tensor => {
        const statistics = batchStatistics(x as tf.Tensor4D);
        const y = normaliseBatch(x as tf.Tensor4D, statistics, gamma as tf.Tensor1D, beta as tf.Tensor1D);
        return tf.sum(tf.mul(y, tf.tensor4d(weights, SHAPE)));
      };
      const { value, grads } = tf.valueAndGrads(f)([tf.tensor4d(input, SHAPE), tf.tensor1d(scale), tf.tensor1d(shift)]);
      expectClose(value.dataSync(), [naive(input, scale, shift)]);
      expectClose(
        grads[0].dataSync(),
        slope(input, (x) => naive(x, scale, shift)),
      );
      expectClose(
        grads[1].dataSync(),
        slope(scale, (gamma) => naive(input, gamma, shift)),
      );
      expectClose(
        grads[2].dataSync(),
        slope(shift, (beta) => naive(input, scale, beta)),
      );
    });
  });

  it('stays finite on a channel that never changes', () => {
    withBackend('cpu', () => {
      const x = tf.fill<tf.Rank.R4>(SHAPE, 7);
      const f = (values: tf.Tensor): tf.Tensor =>
        tf.sum(
          normaliseBatch(
            values as tf.Tensor4D,
            batchStatistics(values as tf.Tensor4D),
            tf.tensor1d(scale),
            tf.tensor1d(shift),
          ),
        );
      expect([...tf.grad(f)(x).dataSync()].every(Number.isFinite)).toBe(true);
    });
  });

  it('gives for inference what the averaged statistics say', () => {
    withBackend('cpu', () => {
      const batch = { mean: tf.tensor1d([1, 2]), variance: tf.tensor1d([4, 9]) };
      const running = { mean: tf.tensor1d([0, 0]), variance: tf.tensor1d([1, 1]) };
      const { mean, variance } = averageStatistics(running, batch);
      expectClose(mean.dataSync(), [0.1, 0.2]);
      expectClose(variance.dataSync(), [1.3, 1.8]);
      const y = normalise(tf.tensor4d([3, 8], [1, 1, 1, 2]), batch, tf.tensor1d([2, 1]), tf.tensor1d([0, 5]));
      expectClose(y.dataSync(), [2, 7]);
    });
  });
});
