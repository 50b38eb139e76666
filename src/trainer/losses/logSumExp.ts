import * as tf from '@tensorflow/tfjs-core';
import { constant } from './constant';
import { present } from './reduce';

/** Stands for the logarithm of 0. Finite, so that no gradient is 0 times infinity. */
const LOG_ZERO = -1e9;

/**
 * Per row, log of the sum of weight x e^x, [N, 1], over the entries whose weight is not 0; about -1e9 where there is none, so that
 * its softplus, log(1 + sum), is 0.
 */
export function logSumExp(x: tf.Tensor2D, weights: tf.Tensor2D): tf.Tensor2D {
  const { absent, empty, kept } = constant(() => {
    const isKept = present(weights);
    return {
      kept: isKept,
      absent: tf.mul<tf.Tensor2D>(tf.sub(1, isKept), LOG_ZERO),
      empty: tf.sub<tf.Tensor2D>(1, tf.max(isKept, 1, true)),
    };
  });
  const values: tf.Tensor2D = tf.add(tf.mul(x, kept), absent);
  const highest = constant(() => tf.max<tf.Tensor2D>(values, 1, true));
  // In an empty row every difference is 0 and the weights make the sum 0; adding 1 keeps the logarithm finite.
  const sum = tf.sum(tf.mul(tf.exp(tf.sub(values, highest)), weights), 1, true);
  return tf.add(tf.log(tf.add(sum, empty)), highest);
}

/** The same, but 0 where there is no entry. */
export function logSumExpOrZero(x: tf.Tensor2D, weights: tf.Tensor2D): tf.Tensor2D {
  return tf.mul(logSumExp(x, weights), anyOf(weights));
}

/** Per row, 1 where any weight is not 0, [N, 1]. */
export function anyOf(weights: tf.Tensor2D): tf.Tensor2D {
  return constant(() => tf.max<tf.Tensor2D>(present(weights), 1, true));
}
