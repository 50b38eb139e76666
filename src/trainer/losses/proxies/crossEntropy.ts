import * as tf from '@tensorflow/tfjs-core';
import { withoutGradient } from '../withoutGradient';

/** Per row, log sum e^logit - the logit of the own class, [N, 1]. The row's maximum is taken off first, so that nothing overflows. */
export function crossEntropy(logits: tf.Tensor2D, own: tf.Tensor2D): tf.Tensor2D {
  const highest = withoutGradient(logits, (values) => tf.max(values, 1, true));
  const shifted = tf.sub(logits, highest);
  const sum = tf.log(tf.sum(tf.exp(shifted), 1, true));
  return tf.sub(sum, tf.sum(tf.mul(shifted, own), 1, true));
}
