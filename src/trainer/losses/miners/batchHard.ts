import * as tf from '@tensorflow/tfjs-core';
import { anyOf } from '../logSumExp';
import { constant } from '../constant';
import { distances } from '../distance';
import { type Miner, minedSingles, miner } from './miner';

/** Farther than any distance of two unit vectors. */
const FAR = 1e6;

/**
 * For each anchor its farthest positive and its nearest negative (Euclidean; Hermans, Beyer and Leibe 2017); anchors that lack either
 * are left out. Equally far ones share the place.
 */
export function batchHardMiner(): Miner {
  return miner((compared) =>
    minedSingles(
      constant(() => {
        const d = distances(compared);
        const { positive, negative } = compared;
        const complete = tf.mul(anyOf(positive), anyOf(negative));
        return {
          positive: tf.mul<tf.Tensor2D>(placeOfMaximum(d, positive), complete),
          negative: tf.mul<tf.Tensor2D>(placeOfMaximum(tf.neg(d), negative), complete),
        };
      }),
    ),
  );
}

/** Per row, 1 at the largest of the `scores` in `mask`, shared where several are; 0 where the mask is empty. In `constant` only. */
export function placeOfMaximum<T extends tf.Tensor>(scores: T, mask: T): T {
  const axis = scores.rank - 1;
  const candidates = tf.sub(tf.mul(scores, mask), tf.mul(tf.sub(1, mask), FAR));
  const chosen = tf.mul<T>(tf.cast(tf.equal(candidates, tf.max(candidates, axis, true)), 'float32'), mask);
  return tf.div(chosen, tf.maximum(tf.sum(chosen, axis, true), 1));
}
