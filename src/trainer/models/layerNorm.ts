import * as tf from '@tensorflow/tfjs-core';
import type { Variable } from './model';
import { constant } from './variables';

/** Added to the variance, so that a row of equal values is not divided by 0. */
const EPSILON = 1e-5;

/** The variables of a layer normalisation, by name. */
export function layerNormVariables(name: string, width: number): Record<string, Variable> {
  return { [`${name}.scale`]: constant(width, 1), [`${name}.shift`]: constant(width, 0) };
}

/**
 * Layer normalisation (Ba, Kiros and Hinton 2016): each row of `x` [R, C] to mean 0 and variance 1, then `scale` and `shift`, [C]
 * each. The gradient is written out: with x^ = (x - mean) / deviation and g = dy * scale,
 * dx = (g - mean(g) - x^ mean(g x^)) / deviation.
 */
export function layerNorm(x: tf.Tensor2D, scale: tf.Tensor1D, shift: tf.Tensor1D): tf.Tensor2D {
  const layer = tf.customGrad((...args) => {
    const [input, gamma, beta, save] = args as unknown as [tf.Tensor2D, tf.Tensor1D, tf.Tensor1D, tf.GradSaveFunc];
    const centred = tf.sub(input, tf.mean(input, 1, true));
    const inverse = tf.rsqrt(tf.add(tf.mean(tf.mul(centred, centred), 1, true), EPSILON));
    const normal = tf.mul(centred, inverse);
    save([normal, inverse, gamma]);
    return {
      value: tf.add(tf.mul(normal, gamma), beta),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => gradient(dy, saved),
    };
  });
  return layer(x, scale, shift) as tf.Tensor2D;
}

/** Gradients of the input, the scale and the shift. */
function gradient(dy: tf.Tensor, [normal, inverse, scale]: tf.Tensor[]): tf.Tensor[] {
  const g = tf.mul(dy, scale);
  const along = tf.mul(normal, tf.mean(tf.mul(g, normal), 1, true));
  const dx = tf.mul(tf.sub(tf.sub(g, tf.mean(g, 1, true)), along), inverse);
  return [dx, tf.sum(tf.mul(dy, normal), 0), tf.sum(dy, 0)];
}
