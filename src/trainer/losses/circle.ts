import * as tf from '@tensorflow/tfjs-core';
import type { PairLoss } from './comparison';
import { constant } from './constant';
import { anyOf, logSumExp } from './logSumExp';
import { chosenOnce } from './miners/miner';
import { anchorsWithPairs, type PairParts, valueOf } from './pairValue';
import { termsOf } from './reduce';

export interface CircleSettings {
  /** Positives shall be above 1 - margin, negatives below margin (cosine). */
  readonly margin: number;
  readonly scale: number;
}

/**
 * Circle loss (Sun 2020): softplus(LSE_p[-scale w_p (s - 1 + margin)] + LSE_n[scale w_n (s - margin)]) with the weights
 * w_p = relu(1 + margin - s) and w_n = relu(s + margin), which have no gradient; AvgNonZero over the anchors. One that lacks a
 * positive or a negative has 0.
 */
export function circleLoss({ margin, scale }: CircleSettings, { measure, reduce }: PairParts): PairLoss {
  return (compared) => {
    const s = measure(compared);
    const { positive, negative } = chosenOnce(compared.mined.pairs());
    const { pull, push } = constant(() => ({
      pull: tf.mul<tf.Tensor2D>(tf.relu(tf.sub(1 + margin, s)), -scale),
      push: tf.mul<tf.Tensor2D>(tf.relu(tf.add(s, margin)), scale),
    }));
    const pulls = logSumExp(tf.mul(pull, tf.sub(s, 1 - margin)), positive);
    const pushes = logSumExp(tf.mul(push, tf.sub(s, margin)), negative);
    const complete = tf.mul(anyOf(positive), anyOf(negative));
    const losses = tf.mul(tf.softplus(tf.add(pulls, pushes)), complete);
    return valueOf(reduce, termsOf(losses, compared.counted), anchorsWithPairs(compared));
  };
}
