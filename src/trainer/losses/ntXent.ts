import * as tf from '@tensorflow/tfjs-core';
import type { PairLoss } from './comparison';
import { logSumExp } from './logSumExp';
import { type PairParts, positivePairs, valueOf } from './pairValue';
import { termsOf } from './reduce';

/**
 * Normalised temperature-scaled cross-entropy (Chen 2020, Sohn 2016) for any number of positives: for each ordered positive
 * pair -log[e^(s_ap/t) / (e^(s_ap/t) + sum_n e^(s_an/t))] = softplus(log sum_n e^(s_an/t) - s_ap/t), mean over the pairs.
 * Other positives are not in the denominator.
 */
export function ntXentLoss(
  { temperature }: { readonly temperature: number },
  { measure, reduce }: PairParts,
): PairLoss {
  return (compared) => {
    const logits: tf.Tensor2D = tf.div(measure(compared), temperature);
    const { positive, negative } = compared.mined.pairs();
    const losses = tf.softplus(tf.sub(logSumExp(logits, negative), logits));
    return valueOf(reduce, termsOf(losses, positive), positivePairs(compared));
  };
}
