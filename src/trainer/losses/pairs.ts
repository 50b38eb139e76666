import * as tf from '@tensorflow/tfjs-core';
import { identity } from './distance';

/** Which ordered pairs of a batch are of one class (without the sample itself) and which of two, [N, N], 1 or 0. */
export interface PairMasks {
  readonly positive: tf.Tensor2D;
  readonly negative: tf.Tensor2D;
}

/** @param valid which rows count, [N] 1 or 0; a pair with a row that does not count is neither. All when not given. */
export function pairMasks(labels: tf.Tensor1D, valid?: tf.Tensor1D): PairMasks {
  const size = labels.shape[0];
  const same = tf.cast(tf.equal(tf.reshape(labels, [size, 1]), tf.reshape(labels, [1, size])), 'float32');
  const all = { positive: tf.sub<tf.Tensor2D>(same, identity(size)), negative: tf.sub<tf.Tensor2D>(1, same) };
  if (!valid) return all;
  const both: tf.Tensor2D = tf.mul(tf.reshape(valid, [size, 1]), tf.reshape(valid, [1, size]));
  return { positive: tf.mul(all.positive, both), negative: tf.mul(all.negative, both) };
}
