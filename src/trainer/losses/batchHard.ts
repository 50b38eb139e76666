import * as tf from '@tensorflow/tfjs-core';
import { distances } from './distance';
import type { PairLoss } from './comparison';
import { averageNonZero, isPositive, ratio } from './reduce';
import { withoutGradient } from './withoutGradient';

/** Farther than any distance of two unit vectors. */
const FAR = 1e6;

/**
 * Triplet loss of the hardest triplet of each anchor (Hermans, Beyer and Leibe 2017): relu(max d_ap - min d_an + margin),
 * AvgNonZero over the anchors that have a positive and a negative. Among equally far ones the gradient is shared.
 */
export function batchHardTripletLoss(margin: number): PairLoss {
  return (compared) => {
    const d = distances(compared);
    const { positive, negative } = compared;
    const farthest = pickMaximum(d, positive, d);
    const nearest = pickMaximum(tf.neg(d), negative, d);
    const complete = tf.mul(tf.max(positive, 1), tf.max(negative, 1));
    const losses = tf.mul(tf.relu(tf.add(tf.sub(farthest, nearest), margin)), complete);
    return {
      loss: averageNonZero(losses),
      activeShare: ratio(tf.sum(isPositive(losses)), tf.sum(complete)),
    };
  };
}

/** Per row: the mean of `values` over the entries of `mask` at which `scores` is largest; 0 where the mask is empty. */
function pickMaximum(scores: tf.Tensor2D, mask: tf.Tensor2D, values: tf.Tensor2D): tf.Tensor1D {
  const share = withoutGradient(scores, (x) => {
    const candidates = tf.sub(tf.mul(x, mask), tf.mul(tf.sub(1, mask), FAR));
    const chosen = tf.mul(tf.cast(tf.equal(candidates, tf.max(candidates, 1, true)), 'float32'), mask);
    return tf.div(chosen, tf.maximum(tf.sum(chosen, 1, true), 1));
  });
  return tf.sum(tf.mul(values, share), 1);
}
