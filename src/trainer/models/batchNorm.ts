import * as tf from '@tensorflow/tfjs-core';
import { withoutGradient } from '../losses/withoutGradient';

/** Added to the variance, so that a channel that never changes is not divided by 0. */
const EPSILON = 1e-5;
/** How much of the running statistics stays at each step. */
const MOMENTUM = 0.9;

/** What a channel is shifted and scaled by; each [C]. */
export interface ChannelStatistics {
  readonly mean: tf.Tensor1D;
  readonly variance: tf.Tensor1D;
}

/** Batch normalisation with given statistics: `scale` (x - mean) / sqrt(variance + epsilon) + `shift`, per last axis. */
export function normalise(
  x: tf.Tensor4D,
  { mean, variance }: ChannelStatistics,
  scale: tf.Tensor1D,
  shift: tf.Tensor1D,
): tf.Tensor4D {
  const factor = tf.mul(scale, tf.rsqrt(tf.add(variance, EPSILON)));
  return tf.add(tf.mul(x, factor), tf.sub(shift, tf.mul(mean, factor)));
}

/** Which items of a batch count, [N] 1 or 0: the others fill it up. All of them when not given. */
export type Valid = tf.Tensor1D | undefined;

/** Mean and (biased) variance of each channel over the batch. No gradient goes through them: `normaliseBatch` has its own. */
export function batchStatistics(x: tf.Tensor4D, valid?: Valid): ChannelStatistics {
  if (valid) return validStatistics(x, valid);
  const axes = [0, 1, 2];
  const mean: tf.Tensor1D = withoutGradient<tf.Tensor4D, tf.Tensor1D>(x, (values) => tf.mean(values, axes));
  const variance: tf.Tensor1D = withoutGradient<tf.Tensor4D, tf.Tensor1D>(x, (values) =>
    tf.relu(tf.sub(tf.mean<tf.Tensor1D>(tf.mul(values, values), axes), tf.mul(mean, mean))),
  );
  return { mean, variance };
}

/** Over the items that count; when none does, mean 0 and variance 1, so that no layer grows without bound. */
function validStatistics(x: tf.Tensor4D, valid: tf.Tensor1D): ChannelStatistics {
  const shares = tf.div<tf.Tensor4D>(itemMask(valid), validPixels(x, valid));
  const meanOf = (f: (values: tf.Tensor4D) => tf.Tensor): tf.Tensor1D =>
    withoutGradient<tf.Tensor4D, tf.Tensor1D>(x, (values) => tf.sum(tf.mul(f(values), shares), [0, 1, 2]));
  const mean = meanOf((values) => values);
  const variance = tf.relu(
    tf.sub(
      meanOf((values) => tf.mul(values, values)),
      tf.mul(mean, mean),
    ),
  );
  return { mean, variance: tf.add(variance, tf.sub(1, tf.minimum(tf.sum(valid), 1))) };
}

function itemMask(valid: tf.Tensor1D): tf.Tensor4D {
  return tf.reshape(valid, [valid.shape[0], 1, 1, 1]);
}

function validPixels(x: tf.Tensor4D, valid: tf.Tensor1D): tf.Scalar {
  return tf.maximum(tf.mul(tf.sum(valid), x.shape[1] * x.shape[2]), 1);
}

/** The exponential average of the statistics, for inference. */
export function averageStatistics(running: ChannelStatistics, batch: ChannelStatistics): ChannelStatistics {
  const mix = (old: tf.Tensor1D, now: tf.Tensor1D): tf.Tensor1D =>
    tf.add(tf.mul(old, MOMENTUM), tf.mul(now, 1 - MOMENTUM));
  return { mean: mix(running.mean, batch.mean), variance: mix(running.variance, batch.variance) };
}

/**
 * Batch normalisation (Ioffe and Szegedy 2015) by the batch's own statistics, with the gradient written out: both reductions
 * run over dy and x as they are, and dx is one multiply-add of each, which is far cheaper than the chain of small ops.
 */
export function normaliseBatch(
  x: tf.Tensor4D,
  statistics: ChannelStatistics,
  scale: tf.Tensor1D,
  shift: tf.Tensor1D,
  valid?: Valid,
): tf.Tensor4D {
  const layer = tf.customGrad((...args) => {
    const [input, gamma, beta, save] = args as unknown as [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D, tf.GradSaveFunc];
    const inverse: tf.Tensor1D = tf.rsqrt(tf.add(statistics.variance, EPSILON));
    // What the gradient needs must be saved: TensorFlow.js frees everything else of the forward pass before it.
    save([input, gamma, statistics.mean, inverse, ...(valid ? [valid] : [])]);
    return {
      value: normalise(input, statistics, gamma, beta),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => normaliseBatchGradient(dy as tf.Tensor4D, saved as Saved),
    };
  });
  return layer(x, scale, shift);
}

/** Input, scale, mean, 1 / deviation, and which items count when not all do. */
type Saved = [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D, tf.Tensor1D, tf.Tensor1D?];

/** Gradients of the input, the scale and the shift. */
function normaliseBatchGradient(
  dy: tf.Tensor4D,
  [x, scale, mean, inverse, valid]: Saved,
): [tf.Tensor, tf.Tensor, tf.Tensor] {
  const axes = [0, 1, 2];
  const count = valid ? tf.neg(validPixels(x, valid)) : -x.shape[0] * x.shape[1] * x.shape[2];
  const dShift = tf.sum(dy, axes);
  const dScale = tf.mul(inverse, tf.sub(tf.sum(tf.mul(dy, x), axes), tf.mul(mean, dShift)));
  const ofDy = tf.mul(scale, inverse);
  const ofX = tf.mul(tf.mul(ofDy, inverse), tf.div(dScale, count));
  const offset = tf.sub(tf.mul(ofDy, tf.div(dShift, count)), tf.mul(ofX, mean));
  const dx = tf.add(tf.mul(dy, ofDy), tf.add(tf.mul(x, ofX), offset));
  // An item that does not count has no gradient, though it has a share in the batch's.
  return [valid ? tf.mul(dx, itemMask(valid)) : dx, dScale, dShift];
}
