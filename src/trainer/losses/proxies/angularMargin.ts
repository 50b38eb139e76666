import * as tf from '@tensorflow/tfjs-core';
import { withoutGradient } from '../withoutGradient';
import { crossEntropy } from './crossEntropy';

export interface AngularMarginSettings {
  /** Added to the angle to the own class, in degrees. */
  readonly margin: number;
  readonly scale: number;
}

/** Cosines are kept this far from 1 and -1, where the slope of the angle is infinite. */
const FROM_ONE = 1e-7;

/**
 * Cross-entropy of scale x cosine, with the margin m added to the angle theta of the own class (Deng 2019), [N, 1]. Where
 * theta > pi - m the own logit is cos theta - m sin m instead, so that it never rises as the angle grows.
 * @param cosines [N, classes]
 */
export function angularMarginLosses(
  cosines: tf.Tensor2D,
  own: tf.Tensor2D,
  { margin, scale }: AngularMarginSettings,
): tf.Tensor2D {
  const m = (margin * Math.PI) / 180;
  const c: tf.Tensor2D = tf.minimum(tf.maximum(tf.sum(tf.mul(cosines, own), 1, true), FROM_ONE - 1), 1 - FROM_ONE);
  // cos(theta + m), without an arc cosine.
  const sine = tf.sqrt(tf.mul(tf.sub(1, c), tf.add(1, c)));
  const turned = tf.sub(tf.mul(c, Math.cos(m)), tf.mul(sine, Math.sin(m)));
  const beyond = withoutGradient(c, (x) => tf.cast(tf.less(x, -Math.cos(m)), 'float32'));
  const target = tf.add(tf.mul(turned, tf.sub(1, beyond)), tf.mul(tf.sub(c, m * Math.sin(m)), beyond));
  const others = tf.mul(cosines, tf.sub(1, own));
  return crossEntropy(tf.mul(tf.add(others, tf.mul(own, target)), scale), own);
}
