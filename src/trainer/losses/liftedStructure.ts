import * as tf from '@tensorflow/tfjs-core';
import type { MinedComparison, PairLoss } from './comparison';
import type { ContrastiveSettings } from './contrastive';
import { anyOf, logSumExpOrZero } from './logSumExp';
import { type PairParts, positivePairs, valueOf } from './pairValue';
import { termsOf } from './reduce';

/**
 * Lifted structure loss (Song 2016): for each ordered positive pair
 * 1/2 relu(d_ap - positiveMargin + log sum_{n in N(a) u N(p)} e^(negativeMargin - d))^2, mean over the pairs; 0 without a negative.
 */
export function liftedStructureLoss(
  { positiveMargin, negativeMargin }: ContrastiveSettings,
  { measure, reduce }: PairParts,
): PairLoss {
  return (compared) => {
    const d = measure(compared);
    const { positive, negative } = compared.mined.pairs();
    const near = tf.sub<tf.Tensor2D>(negativeMargin, d);
    const ofAnchor = sums(near, negative);
    const ofPositive = transposed(isBatch(compared) ? ofAnchor : sums(tf.transpose(near), tf.transpose(negative)));
    const hinge = tf.relu(tf.add(tf.sub(d, positiveMargin), together(ofAnchor, ofPositive)));
    const losses = tf.mul(tf.div(tf.square(hinge), 2), tf.max(ofAnchor.any));
    return valueOf(reduce, termsOf(losses, positive), positivePairs(compared));
  };
}

/** Logarithms of sums of exponentials, 0 where nothing was added up, and where anything was. */
interface LogSums {
  readonly log: tf.Tensor2D;
  readonly any: tf.Tensor2D;
}

const isBatch = ({ anchors, references }: MinedComparison): boolean => anchors === references;

/** By rows, [N, 1]. */
function sums(x: tf.Tensor2D, weights: tf.Tensor2D): LogSums {
  return { log: logSumExpOrZero(x, weights), any: anyOf(weights) };
}

const transposed = ({ log, any }: LogSums): LogSums => ({ log: tf.transpose(log), any: tf.transpose(any) });

/** log(e^a + e^b) for every row with every column, of what is there. */
function together(a: LogSums, b: LogSums): tf.Tensor2D {
  const alone = tf.add(tf.mul(a.log, a.any), tf.mul(b.log, tf.sub(1, a.any)));
  const more = tf.mul(tf.softplus(tf.sub(b.log, a.log)), tf.mul(a.any, b.any));
  return tf.add(alone, more);
}
