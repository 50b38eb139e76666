import * as tf from '@tensorflow/tfjs-core';
import type { PairLoss } from './comparison';
import type { ContrastiveSettings } from './contrastive';
import { logSumExpOrZero } from './logSumExp';
import { chosenOnce } from './miners/miner';
import { anchorsWithPairs, type PairParts, valueOf } from './pairValue';
import { termsOf } from './reduce';

/**
 * Generalised lifted structure loss (Hermans, Beyer and Leibe 2017): relu(LSE_p (d - positiveMargin) + LSE_n (negativeMargin - d)),
 * mean over the anchors.
 */
export function generalisedLiftedLoss(
  { positiveMargin, negativeMargin }: ContrastiveSettings,
  { measure, reduce }: PairParts,
): PairLoss {
  return (compared) => {
    const d = measure(compared);
    const { positive, negative } = chosenOnce(compared.mined.pairs());
    const pulls = logSumExpOrZero(tf.sub(d, positiveMargin), positive);
    const pushes = logSumExpOrZero(tf.sub(negativeMargin, d), negative);
    const losses = tf.relu(tf.add(pulls, pushes));
    return valueOf(reduce, termsOf(losses, compared.counted), anchorsWithPairs(compared));
  };
}
