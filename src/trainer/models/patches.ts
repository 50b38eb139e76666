import * as tf from '@tensorflow/tfjs-core';

/**
 * Pictures [N, S, S, C] as square patches, one a row: [N * (S / patch)^2, patch * patch * C], row by row of the picture. A linear
 * layer on these rows is a convolution whose windows do not overlap.
 */
export function patchesOf(images: tf.Tensor4D, patch: number): tf.Tensor2D {
  const [count, size, , colours] = images.shape;
  const side = size / patch;
  const apart = tf.transpose(tf.reshape(images, [count, side, patch, side, patch, colours]), [0, 1, 3, 2, 4, 5]);
  return tf.reshape(apart, [count * side * side, patch * patch * colours]);
}
