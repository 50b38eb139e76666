import * as tf from '@tensorflow/tfjs-core';

/**
 * Row by row, the elements of `x` [N, M] at `indices` [N, K] int32, as [N, K], with a gradient for `x`. TensorFlow.js's own gather
 * has none for indices that were themselves computed, as those of `topk` are.
 */
export function gatherFromRows(x: tf.Tensor2D, indices: tf.Tensor2D): tf.Tensor2D {
  const [rows, columns] = x.shape;
  const picked = indices.shape[1];
  const gather = tf.customGrad((...args) => {
    const [input, save] = args as unknown as [tf.Tensor2D, tf.GradSaveFunc];
    save([indices]);
    return {
      value: tf.gather(input, indices, 1, 1),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const places = tf.oneHot(saved[0], columns, 1, 0, 'float32');
        return tf.reshape(tf.matMul(tf.reshape(dy, [rows, 1, picked]), places), [rows, columns]);
      },
    };
  });
  return gather(x);
}
