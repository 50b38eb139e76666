import * as tf from '@tensorflow/tfjs-core';
import { withoutGradient } from './withoutGradient';

/** 1 where `x` > 0, otherwise 0, without a gradient. */
export function isPositive(x: tf.Tensor): tf.Tensor {
  return withoutGradient(x, (values) => tf.cast(tf.greater(values, 0), 'float32'));
}

/** `total` / `count`, 0 when `count` is 0. Both are sums of a batch; `count` is a whole number. */
export function ratio(total: tf.Tensor, count: tf.Tensor): tf.Scalar {
  return tf.div(total, tf.maximum(count, 1));
}

/** Mean over the entries that are strictly > 0, or 0 when there are none. Entries are losses, so none is < 0. */
export function averageNonZero(losses: tf.Tensor): tf.Scalar {
  return ratio(tf.sum(losses), tf.sum(isPositive(losses)));
}
