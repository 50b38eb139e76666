import * as tf from '@tensorflow/tfjs-core';
import { constant } from '../constant';
import { cosineSimilarities } from '../distance';
import { type Miner, minedPairs, miner } from './miner';

/** Beyond every cosine. */
const FAR = 1e6;

/**
 * Positives that are less than `epsilon` more similar than the most similar negative, and negatives that are less than `epsilon` less
 * similar than the least similar positive (cosine; Wang 2019). An anchor that lacks either keeps nothing.
 */
export function multiSimilarityMiner(epsilon: number): Miner {
  return miner((compared) =>
    minedPairs(
      constant(() => {
        const { positive, negative } = compared;
        const s = cosineSimilarities(compared);
        const highest = tf.max(tf.sub(tf.mul(s, negative), tf.mul(tf.sub(1, negative), FAR)), 1, true);
        const lowest = tf.min(tf.add(tf.mul(s, positive), tf.mul(tf.sub(1, positive), FAR)), 1, true);
        const near = tf.cast(tf.less(tf.sub(s, epsilon), highest), 'float32');
        const far = tf.cast(tf.greater(tf.add(s, epsilon), lowest), 'float32');
        return { positive: tf.mul<tf.Tensor2D>(positive, near), negative: tf.mul<tf.Tensor2D>(negative, far) };
      }),
    ),
  );
}
