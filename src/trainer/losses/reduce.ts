import * as tf from '@tensorflow/tfjs-core';
import type { Reducer } from '../types/pairLosses';
import { constant } from './constant';

/** 1 where `x` > 0, otherwise 0, without a gradient. */
export function isPositive(x: tf.Tensor): tf.Tensor {
  return constant(() => tf.cast(tf.greater(x, 0), 'float32'));
}

/** 1 where a weight is not 0, without a gradient. Weights are >= 0. */
export function present(weights: tf.Tensor2D): tf.Tensor2D {
  return isPositive(weights) as tf.Tensor2D;
}

/** `total` / `count`, 0 when `count` is 0. Both are sums of a batch; `count` is a whole number. */
export function ratio(total: tf.Tensor, count: tf.Tensor): tf.Scalar {
  return tf.div(total, tf.maximum(count, 1));
}

/** Mean over the entries that are strictly > 0, or 0 when there are none. Entries are losses, so none is < 0. */
export function averageNonZero(losses: tf.Tensor): tf.Scalar {
  return ratio(tf.sum(losses), tf.sum(isPositive(losses)));
}

/** What is known of the losses of pairs, triplets or items before they become one number. */
export interface Terms {
  readonly total: tf.Scalar;
  /** How many are above 0. */
  readonly nonZero: tf.Scalar;
  /** How many there are. */
  readonly count: tf.Scalar;
  /** How many are above 0, each once. */
  readonly active: tf.Scalar;
}

export type Reduce = (terms: Terms) => tf.Scalar;

/** Losses, each counted as often as its weight says. */
export function termsOf(losses: tf.Tensor, weights: tf.Tensor): Terms {
  const counted = constant(() => {
    const isActive = isPositive(losses);
    return {
      nonZero: tf.sum<tf.Scalar>(tf.mul(isActive, weights)),
      count: tf.sum<tf.Scalar>(weights),
      active: tf.sum<tf.Scalar>(tf.mul(isActive, tf.minimum(weights, 1))),
    };
  });
  return { total: tf.sum(tf.mul(losses, weights)), ...counted };
}

export function reducerOf(reducer: Reducer): Reduce {
  switch (reducer) {
    case 'mean':
      return ({ total, count }) => ratio(total, count);
    case 'average-non-zero':
      return ({ total, nonZero }) => ratio(total, nonZero);
    case 'sum':
      return ({ total }) => total;
  }
}
