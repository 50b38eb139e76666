import * as tf from '@tensorflow/tfjs-core';
import { identity } from './distance';
import type { Loss, LossInput, LossValue } from './loss';

/**
 * Anchors [N, D] compared with references [M, D], neither normalised: which pairs are of one class and which of two, [N, M], 1 or 0.
 * Pairs that are neither do not count.
 */
export interface Comparison {
  readonly anchors: tf.Tensor2D;
  readonly references: tf.Tensor2D;
  readonly positive: tf.Tensor2D;
  readonly negative: tf.Tensor2D;
}

/** A loss of pairs or triplets, which learns nothing and remembers nothing itself. */
export type PairLoss = (comparison: Comparison) => LossValue;

/** The loss of the batch compared with itself: ordered pairs of its valid rows, a sample never with itself. */
export function ofBatch(pairLoss: PairLoss): Loss {
  return { parameters: {}, memory: {}, noise: {}, evaluate: (input) => pairLoss(compareBatch(input)) };
}

export function compareBatch({
  embeddings,
  labels,
  valid,
}: Pick<LossInput, 'embeddings' | 'labels' | 'valid'>): Comparison {
  const size = labels.shape[0];
  const same = sameClass(labels, labels);
  const others = tf.sub<tf.Tensor2D>(1, identity(size));
  const counted: tf.Tensor2D = valid ? tf.mul(others, tf.mul(column(valid), row(valid))) : others;
  return {
    anchors: embeddings,
    references: embeddings,
    positive: tf.mul(same, counted),
    negative: tf.mul(tf.sub(1, same), counted),
  };
}

/** Where the class of a row [N] is the class of a column [M], [N, M]. */
export function sameClass(rows: tf.Tensor1D, columns: tf.Tensor1D): tf.Tensor2D {
  return tf.cast(tf.equal(column(rows), row(columns)), 'float32');
}

/** [N] as [N, 1]. */
export const column = (x: tf.Tensor1D): tf.Tensor2D => tf.reshape(x, [x.shape[0], 1]);
/** [N] as [1, N]. */
export const row = (x: tf.Tensor1D): tf.Tensor2D => tf.reshape(x, [1, x.shape[0]]);
