import * as tf from '@tensorflow/tfjs-core';

/**
 * Gaussian error linear unit (Hendrycks and Gimpel 2016): x P(X <= x) of a standard normal X, by the error function. The gradient is
 * written out: P(X <= x) + x p(x).
 */
export function gelu<T extends tf.Tensor>(x: T): T {
  const unit = tf.customGrad((...args) => {
    const [input, save] = args as unknown as [tf.Tensor, tf.GradSaveFunc];
    const below = cumulative(input);
    save([input, below]);
    return { value: tf.mul(input, below), gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => gradient(dy, saved) };
  });
  return unit(x) as T;
}

function cumulative(x: tf.Tensor): tf.Tensor {
  return tf.add(tf.mul(tf.erf(tf.mul(x, Math.SQRT1_2)), 0.5), 0.5);
}

function gradient(dy: tf.Tensor, [x, below]: tf.Tensor[]): tf.Tensor {
  const density = tf.mul(tf.exp(tf.mul(tf.mul(x, x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
  return tf.mul(dy, tf.add(below, tf.mul(x, density)));
}
