import * as tf from '@tensorflow/tfjs-core';
import type { PairLossSettings } from '../types/pairLosses';
import { constant } from './constant';
import { identity } from './distance';
import type { Loss, LossInput, LossValue } from './loss';
import { isPositive, ratio } from './reduce';

type VicRegSettings = Omit<Extract<PairLossSettings, { kind: 'vicreg' }>, 'kind'>;

/** Added to the variance, whose root has no slope at 0. */
const EPSILON = 1e-4;

/**
 * VICReg (Bardes 2022), on embeddings as they are, of two views of each item: `invariance` x mean squared difference of the views,
 * `variance` x mean over the numbers of relu(1 - deviation) / 2 of each view, `covariance` x sum of the squared covariances of
 * different numbers / D of each view. Rows 0 and 1, 2 and 3 and so on are the views; two of different classes count for nothing.
 * A single pair has no deviations. `activeShare` is the share of the numbers whose deviation is below 1.
 */
export function vicRegLoss(settings: VicRegSettings): Loss {
  return { parameters: {}, memory: {}, noise: {}, evaluate: (input) => evaluate(input, settings) };
}

function evaluate(input: LossInput, settings: VicRegSettings): LossValue {
  if (input.labels.shape[0] < 2) return { loss: tf.mul(tf.sum(input.embeddings), 0), activeShare: tf.scalar(0) };
  const { views, counted } = viewsOf(input);
  const pairs = tf.sum(counted);
  const difference = tf.mul(tf.squaredDifference(views[0], views[1]), counted);
  const invariance = ratio(tf.sum(tf.mean(difference, 1)), pairs);
  const spreads = views.map((view) => spreadOf(view, counted));
  const dims = views[0].shape[1];
  const lacks = tf.concat(spreads.map(({ lack }) => lack));
  const loss: tf.Tensor = tf.addN([
    tf.mul(invariance, settings.invariance),
    tf.mul(tf.div(tf.sum(lacks), 2 * dims), settings.variance),
    tf.mul(tf.addN(spreads.map(({ covariance }) => covariance)), settings.covariance / dims),
  ]);
  return { loss: loss as tf.Scalar, activeShare: constant(() => tf.div(tf.sum(isPositive(lacks)), 2 * dims)) };
}

interface Views {
  /** The first and the second of each pair, [N / 2, D]. */
  readonly views: readonly [tf.Tensor2D, tf.Tensor2D];
  /** [N / 2, 1], 1 or 0. */
  readonly counted: tf.Tensor2D;
}

function viewsOf({ embeddings, labels, valid }: LossInput): Views {
  const pairs = labels.shape[0] >> 1;
  const dims = embeddings.shape[1];
  const halves = <T extends tf.Tensor>(x: tf.Tensor, width: number): [T, T] =>
    tf.unstack(tf.reshape(tf.slice(x, 0, 2 * pairs), [pairs, 2, width]), 1) as [T, T];
  const [first, second] = halves<tf.Tensor2D>(labels, 1);
  const same = tf.cast<tf.Tensor2D>(tf.equal(first, second), 'float32');
  const [one, other] = halves<tf.Tensor2D>(valid ?? tf.ones([labels.shape[0]]), 1);
  return { views: halves<tf.Tensor2D>(embeddings, dims), counted: tf.mul(same, tf.mul(one, other)) };
}

/** What each number lacks of a deviation of 1, [D], and the sum of the squared covariances of different numbers. */
function spreadOf(view: tf.Tensor2D, counted: tf.Tensor2D): { lack: tf.Tensor; covariance: tf.Scalar } {
  const pairs = tf.sum(counted);
  const isMeasured = tf.cast(tf.greaterEqual(pairs, 2), 'float32');
  const mean = tf.div(tf.sum(tf.mul(view, counted), 0, true), tf.maximum(pairs, 1));
  const centred: tf.Tensor2D = tf.mul(tf.sub(view, mean), counted);
  const covariances = tf.div(tf.matMul(centred, centred, true, false), tf.maximum(tf.sub(pairs, 1), 1));
  const diagonal = identity(view.shape[1]);
  const variance = tf.sum(tf.mul(covariances, diagonal), 0);
  const lack = tf.relu(tf.sub(1, tf.sqrt(tf.add(variance, EPSILON))));
  const others = tf.square(tf.mul(covariances, tf.sub(1, diagonal)));
  return { lack: tf.mul(lack, isMeasured), covariance: tf.mul(tf.sum(others), isMeasured) };
}
