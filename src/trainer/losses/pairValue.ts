import * as tf from '@tensorflow/tfjs-core';
import type { Comparison } from './comparison';
import { constant } from './constant';
import type { LossValue } from './loss';
import type { Measure } from './measure';
import { ratio, type Reduce, type Terms } from './reduce';

/** What every loss of pairs is composed of beside its own formula. */
export interface PairParts {
  readonly measure: Measure;
  readonly reduce: Reduce;
}

/** The value of losses of which `possible` could be above 0. */
export function valueOf(reduce: Reduce, terms: Terms, possible: tf.Tensor): LossValue {
  return { loss: reduce(terms), activeShare: constant(() => ratio(terms.active, possible)) };
}

/** How many pairs of one class there are, mined or not. */
export const positivePairs = ({ positive }: Comparison): tf.Tensor => tf.sum(positive);

/** How many triplets there are, mined or not. */
export function triplets({ positive, negative }: Comparison): tf.Tensor {
  return constant(() => tf.sum(tf.mul(tf.sum(positive, 1), tf.sum(negative, 1))));
}

/** How many anchors have any pair, mined or not. */
export function anchorsWithPairs({ positive, negative }: Comparison): tf.Tensor {
  return constant(() => tf.sum(tf.max(tf.maximum(positive, negative), 1)));
}
