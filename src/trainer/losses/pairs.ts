import * as tf from '@tensorflow/tfjs-core';
import { identity } from './distance';

/** Which ordered pairs of a batch are of one class (without the sample itself) and which of two, [N, N], 1 or 0. */
export interface PairMasks {
  readonly positive: tf.Tensor2D;
  readonly negative: tf.Tensor2D;
}

export function pairMasks(labels: tf.Tensor1D): PairMasks {
  const size = labels.shape[0];
  const same = tf.cast(tf.equal(tf.reshape(labels, [size, 1]), tf.reshape(labels, [1, size])), 'float32');
  return { positive: tf.sub(same, identity(size)), negative: tf.sub(1, same) };
}
