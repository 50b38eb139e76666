import * as tf from '@tensorflow/tfjs-core';

/**
 * f(x) as a constant: no gradient goes back to `x`. All of f stays off the tape, so it may use ops that have no gradient
 * (comparisons). What f uses beside `x` must not depend on anything that is differentiated.
 */
export function withoutGradient<X extends tf.Tensor, Y extends tf.Tensor>(x: X, f: (x: X) => Y): Y {
  const { shape, dtype } = x;
  const constant = tf.customGrad((input) => ({
    value: f(input as X),
    gradFunc: () => tf.zeros(shape, dtype),
  }));
  return constant(x);
}
