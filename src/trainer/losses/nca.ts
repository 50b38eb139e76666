import * as tf from '@tensorflow/tfjs-core';
import type { PairLoss } from './comparison';
import { anyOf, logSumExp } from './logSumExp';
import { chosenOnce } from './miners/miner';
import { type PairParts, valueOf } from './pairValue';
import { termsOf } from './reduce';

/**
 * Neighbourhood components analysis (Goldberger 2004), the soft nearest neighbour loss:
 * -log(sum_p e^(-scale d^2) / sum_{k != a} e^(-scale d^2)), mean over the anchors that have a positive.
 */
export function ncaLoss({ scale }: { readonly scale: number }, { measure, reduce }: PairParts): PairLoss {
  return (compared) => {
    const logits: tf.Tensor2D = tf.mul(measure(compared), scale);
    const { positive, negative } = chosenOnce(compared.mined.pairs());
    const losses = tf.softplus(tf.sub(logSumExp(logits, negative), logSumExp(logits, positive)));
    const terms = termsOf(losses, anyOf(positive));
    return valueOf(reduce, terms, tf.sum(anyOf(compared.positive)));
  };
}
