import * as tf from '@tensorflow/tfjs-core';
import { constant } from '../constant';
import { distances } from '../distance';
import { type Miner, minedPairs, miner } from './miner';

/** Positives farther apart than `positiveMargin` and negatives nearer than `negativeMargin` (Euclidean). */
export function pairMarginMiner(positiveMargin: number, negativeMargin: number): Miner {
  return miner((compared) =>
    minedPairs(
      constant(() => {
        const d = distances(compared);
        const apart = tf.cast(tf.greater(d, positiveMargin), 'float32');
        const near = tf.cast(tf.less(d, negativeMargin), 'float32');
        return {
          positive: tf.mul<tf.Tensor2D>(compared.positive, apart),
          negative: tf.mul<tf.Tensor2D>(compared.negative, near),
        };
      }),
    ),
  );
}
