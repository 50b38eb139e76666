import * as tf from '@tensorflow/tfjs-core';
import { cosineSimilarities } from './distance';
import type { PairLoss } from './comparison';
import { isPositive, ratio } from './reduce';
import { withoutGradient } from './withoutGradient';

/** Stands for the logarithm of 0. Finite, so that no gradient is 0 times infinity. */
const LOG_ZERO = -1e9;

/**
 * Normalised temperature-scaled cross-entropy (Chen 2020, Sohn 2016) for any number of positives: for each ordered positive
 * pair -log[e^(s_ap/t) / (e^(s_ap/t) + sum_n e^(s_an/t))] = softplus(log sum_n e^(s_an/t) - s_ap/t), mean over the pairs.
 * Other positives are not in the denominator.
 */
export function ntXentLoss({ temperature }: { readonly temperature: number }): PairLoss {
  return (compared) => {
    const logits: tf.Tensor2D = tf.div(cosineSimilarities(compared), temperature);
    const { positive, negative } = compared;
    const losses = tf.mul(tf.softplus(tf.sub(maskedLogSumExp(logits, negative), logits)), positive);
    const pairs = tf.sum(positive);
    return { loss: ratio(tf.sum(losses), pairs), activeShare: ratio(tf.sum(isPositive(losses)), pairs) };
  };
}

/** Per row, log of the sum of e^x over the entries of `mask`, [N, 1]; `LOG_ZERO` where the mask is empty. */
function maskedLogSumExp(x: tf.Tensor2D, mask: tf.Tensor2D): tf.Tensor2D {
  const kept = tf.add(tf.mul(x, mask), tf.mul(tf.sub(1, mask), LOG_ZERO));
  const highest = withoutGradient(kept, (values) => tf.max(values, 1, true));
  const empty = tf.sub(1, tf.max(mask, 1, true));
  // In an empty row every difference is 0 and the mask makes the sum 0; adding 1 keeps the logarithm finite.
  const sum = tf.sum(tf.mul(tf.exp(tf.sub(kept, highest)), mask), 1, true);
  return tf.add(tf.log(tf.add(sum, empty)), highest);
}
