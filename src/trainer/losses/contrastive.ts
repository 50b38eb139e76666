import * as tf from '@tensorflow/tfjs-core';
import type { PairLoss } from './comparison';
import { constant } from './constant';
import { type PairParts } from './pairValue';
import { ratio, termsOf } from './reduce';

export interface ContrastiveSettings {
  /** Pairs of one class that are at most this far apart cost nothing. */
  readonly positiveMargin: number;
  /** Pairs of two classes that are at least this far apart cost nothing. */
  readonly negativeMargin: number;
}

/**
 * The siamese loss (Hadsell, Chopra and LeCun 2006) with distances that are not squared:
 * AvgNonZero relu(d_p - positiveMargin) + AvgNonZero relu(negativeMargin - d_n), over ordered pairs. With SNR distances it is the
 * contrastive loss of Yuan 2019.
 */
export function contrastiveLoss(settings: ContrastiveSettings, { measure, reduce }: PairParts): PairLoss {
  return (compared) => {
    const d = measure(compared);
    const { positive, negative } = compared.mined.pairs();
    const pulls = termsOf(tf.relu(tf.sub(d, settings.positiveMargin)), positive);
    const pushes = termsOf(tf.relu(tf.sub(settings.negativeMargin, d)), negative);
    return {
      loss: tf.add(reduce(pulls), reduce(pushes)),
      activeShare: constant(() =>
        ratio(tf.add(pulls.active, pushes.active), tf.sum(tf.add(compared.positive, compared.negative))),
      ),
    };
  };
}
