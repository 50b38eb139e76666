import * as tf from '@tensorflow/tfjs-core';
import type { PairLoss } from './comparison';
import { logSumExp } from './logSumExp';
import { chosenOnce } from './miners/miner';
import { anchorsWithPairs, type PairParts, valueOf } from './pairValue';
import { termsOf } from './reduce';

export interface MultiSimilaritySettings {
  /** How hard the least similar positives count. */
  readonly alpha: number;
  /** How hard the most similar negatives count. */
  readonly beta: number;
  /** The similarity around which both are weighted. */
  readonly base: number;
}

/**
 * Multi-similarity loss (Wang 2019): (1/alpha) log(1 + sum_p e^(-alpha (s - base))) + (1/beta) log(1 + sum_n e^(beta (s - base))),
 * mean over the anchors.
 */
export function multiSimilarityLoss(
  { alpha, beta, base }: MultiSimilaritySettings,
  { measure, reduce }: PairParts,
): PairLoss {
  return (compared) => {
    const above = tf.sub<tf.Tensor2D>(measure(compared), base);
    const { positive, negative } = chosenOnce(compared.mined.pairs());
    const pulls = tf.div(tf.softplus(logSumExp(tf.mul(above, -alpha), positive)), alpha);
    const pushes = tf.div(tf.softplus(logSumExp(tf.mul(above, beta), negative)), beta);
    return valueOf(reduce, termsOf(tf.add(pulls, pushes), compared.counted), anchorsWithPairs(compared));
  };
}
