import * as tf from '@tensorflow/tfjs-core';
import { distances } from './distance';
import type { PairLoss } from './comparison';
import { averageNonZero, isPositive, ratio } from './reduce';

export interface ContrastiveSettings {
  /** Pairs of one class that are at most this far apart cost nothing. */
  readonly positiveMargin: number;
  /** Pairs of two classes that are at least this far apart cost nothing. */
  readonly negativeMargin: number;
}

/**
 * The siamese loss (Hadsell, Chopra and LeCun 2006) with distances that are not squared:
 * AvgNonZero relu(d_p - positiveMargin) + AvgNonZero relu(negativeMargin - d_n), over ordered pairs.
 */
export function contrastiveLoss(settings: ContrastiveSettings): PairLoss {
  return (compared) => {
    const d = distances(compared);
    const { positive, negative } = compared;
    const pulls = tf.mul(tf.relu(tf.sub(d, settings.positiveMargin)), positive);
    const pushes = tf.mul(tf.relu(tf.sub(settings.negativeMargin, d)), negative);
    const active = tf.sum(tf.add(isPositive(pulls), isPositive(pushes)));
    return {
      loss: tf.add(averageNonZero(pulls), averageNonZero(pushes)),
      activeShare: ratio(active, tf.sum(tf.add(positive, negative))),
    };
  };
}
