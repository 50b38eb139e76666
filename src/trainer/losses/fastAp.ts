import * as tf from '@tensorflow/tfjs-core';
import type { PairLoss } from './comparison';
import { constant } from './constant';
import { squaredDistances } from './distance';
import { anyOf } from './logSumExp';
import { valueOf } from './pairValue';
import { type Reduce, termsOf } from './reduce';

/** The largest squared distance of two unit vectors. */
const FARTHEST = 4;
/** A precision this near to 1 is 1. */
const ROUNDING = 1e-6;

/**
 * FastAP (Cakir 2019): average precision from histograms of the squared distances, 0 to 4, with triangular bins around `bins` + 1
 * points: 1 - (1 / N+) sum_b h+_b H+_b / H_b, where H are running sums; mean over the anchors with a positive.
 */
export function fastApLoss({ bins }: { readonly bins: number }, { reduce }: { readonly reduce: Reduce }): PairLoss {
  return (compared) => {
    const { positive, negative } = compared;
    const near = histogram(squaredDistances(compared), bins);
    const ofPositives = countsOf(near, positive);
    const upToPositives = runningSums(ofPositives);
    const upToAll = tf.add(upToPositives, runningSums(countsOf(near, negative)));
    // Where nothing is counted, both sums are 0, and the quotient 0 / 1.
    const filled = tf.add(
      upToAll,
      constant(() => tf.cast(tf.lessEqual(upToAll, 0), 'float32')),
    );
    const precision = tf.sum(tf.div(tf.mul(ofPositives, upToPositives), filled), 1, true);
    const mean = tf.div(precision, tf.maximum(tf.sum(positive, 1, true), 1));
    const complete = anyOf(positive);
    const lack = tf.sub(1, mean);
    const isReal = constant(() => tf.cast(tf.greater(lack, ROUNDING), 'float32'));
    return valueOf(reduce, termsOf(tf.mul(lack, isReal), complete), tf.sum(complete));
  };
}

/** How much each pair belongs to each bin, [N, M, bins + 1]: 1 at its point, 0 at the next ones. */
function histogram(squared: tf.Tensor2D, bins: number): tf.Tensor3D {
  const points = tf.linspace(0, FARTHEST, bins + 1);
  const away = tf.abs(tf.sub(tf.expandDims(squared, 2), points));
  return tf.relu(tf.sub(1, tf.div(away, FARTHEST / bins)));
}

/** Per anchor, [N, bins + 1]. */
function countsOf(near: tf.Tensor3D, mask: tf.Tensor2D): tf.Tensor2D {
  return tf.sum(tf.mul(near, tf.expandDims(mask, 2)), 1);
}

/** By a product with a triangle of ones, whose gradient is a product too. */
function runningSums(x: tf.Tensor2D): tf.Tensor2D {
  const size = x.shape[1];
  const index = tf.range(0, size, 1, 'int32');
  const upTo = tf.lessEqual(tf.reshape(index, [size, 1]), tf.reshape(index, [1, size]));
  return tf.matMul(x, tf.cast(upTo as tf.Tensor2D, 'float32'));
}
