import * as tf from '@tensorflow/tfjs-core';
import { column, type Comparison, type PairLoss, sameClass } from './comparison';
import { constant } from './constant';
import { logSumExp } from './logSumExp';
import { type PairParts, valueOf } from './pairValue';
import { termsOf } from './reduce';

/**
 * N-pair loss (Sohn 2016): of each class its first item is the anchor and its second the positive; cross-entropy of each anchor over the
 * similarities to the positives of all classes, mean over the anchors.
 */
export function nPairLoss({ measure, reduce }: PairParts): PairLoss {
  return (compared) => {
    const s = measure(compared);
    const { chosen, isAnchor, candidates } = constant(() => {
      const pairs = firstPairs(compared);
      const anchors = tf.max<tf.Tensor2D>(pairs, 1, true);
      return { chosen: pairs, isAnchor: anchors, candidates: tf.mul<tf.Tensor2D>(anchors, tf.max(pairs, 0, true)) };
    });
    const losses = tf.sub(logSumExp(s, candidates), tf.sum(tf.mul(s, chosen), 1, true));
    const terms = termsOf(tf.mul(losses, isAnchor), isAnchor);
    return valueOf(reduce, terms, tf.sum(isAnchor));
  };
}

/** 1 at the first positive of the first item of each class that has one, [N, N]. */
function firstPairs({ positive, anchorLabels }: Comparison): tf.Tensor2D {
  const size = anchorLabels.shape[0];
  const index = tf.range(0, size, 1, 'int32');
  const isBefore = tf.cast(tf.less(index, column(index)), 'float32');
  const complete = tf.max(positive, 1);
  const earlier = tf.mul(tf.mul(sameClass(anchorLabels, anchorLabels), isBefore), complete);
  const isFirst = tf.mul(complete, tf.sub(1, tf.max(earlier, 1)));
  const isNearest = tf.cast(tf.equal(tf.cumsum(positive, 1), 1), 'float32');
  return tf.mul(tf.mul(positive, isNearest), tf.reshape(isFirst, [size, 1]));
}
