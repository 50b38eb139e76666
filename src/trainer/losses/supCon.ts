import * as tf from '@tensorflow/tfjs-core';
import type { PairLoss } from './comparison';
import { anyOf, logSumExp } from './logSumExp';
import { chosenOnce } from './miners/miner';
import { anchorsWithPairs, type PairParts, valueOf } from './pairValue';
import { termsOf } from './reduce';

/**
 * Supervised contrastive loss (Khosla 2020): for each anchor the mean over its positives of log sum_{p u n} e^(s/t) - s_ap/t,
 * AvgNonZero over the anchors. As in pytorch-metric-learning it is 0 when nothing in the batch is negative.
 */
export function supConLoss(
  { temperature }: { readonly temperature: number },
  { measure, reduce }: PairParts,
): PairLoss {
  return (compared) => {
    const logits: tf.Tensor2D = tf.div(measure(compared), temperature);
    const { positive, negative } = chosenOnce(compared.mined.pairs());
    const all: tf.Tensor2D = tf.add(positive, negative);
    const losses = tf.sum(tf.mul(tf.sub(logSumExp(logits, all), logits), positive), 1, true);
    const mean = tf.div(losses, tf.maximum(tf.sum(positive, 1, true), 1));
    const comparable = tf.max(anyOf(negative));
    return valueOf(reduce, termsOf(tf.mul(mean, comparable), compared.counted), anchorsWithPairs(compared));
  };
}
