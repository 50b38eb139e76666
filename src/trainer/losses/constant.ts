import * as tf from '@tensorflow/tfjs-core';

/**
 * What f makes, as constants: no gradient goes through. TensorFlow.js writes down only what is called outside of a kernel, so f may
 * use any tensor, and ops that have no gradient (comparisons), and give several tensors.
 */
export function constant<T extends object>(f: () => T): T {
  const { state } = tf.engine();
  state.kernelDepth += 1;
  try {
    return tf.tidy(f as () => tf.TensorContainer) as T;
  } finally {
    state.kernelDepth -= 1;
  }
}
