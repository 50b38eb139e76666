import * as tf from '@tensorflow/tfjs-core';
import type { Tensors } from '../engine/engine';
import { identity } from './distance';
import type { LossInput, LossValue } from './loss';
import type { Mined } from './miners/miner';

/**
 * Anchors [N, D] compared with references [M, D], neither normalised: which pairs are of one class and which of two, [N, M], 1 or 0.
 * Pairs that are neither do not count.
 */
export interface Comparison {
  readonly anchors: tf.Tensor2D;
  readonly references: tf.Tensor2D;
  readonly positive: tf.Tensor2D;
  readonly negative: tf.Tensor2D;
  /** [N] int32. */
  readonly anchorLabels: tf.Tensor1D;
  /** [N, 1], 1 or 0: anchors that count. */
  readonly counted: tf.Tensor2D;
}

/** Of which a miner has chosen. */
export interface MinedComparison extends Comparison {
  readonly mined: Mined;
}

/** A loss of pairs or triplets, which remembers nothing itself. */
export type PairLoss = (comparison: MinedComparison, parameters: Tensors) => LossValue;

type Batch = Pick<LossInput, 'embeddings' | 'labels' | 'relation' | 'valid'>;

/** The batch with itself: ordered pairs of its valid rows, a sample never with itself. */
export function compareBatch({ embeddings, labels, relation, valid }: Batch): Comparison {
  const size = labels.shape[0];
  const same = relation ? tf.relu(relation) : sameClass(labels, labels);
  const different = relation ? tf.relu(tf.neg(relation)) : tf.sub(1, same);
  const others = tf.sub<tf.Tensor2D>(1, identity(size));
  const counted: tf.Tensor2D = valid ? tf.mul(others, tf.mul(column(valid), row(valid))) : others;
  return {
    anchors: embeddings,
    references: embeddings,
    positive: tf.mul(same, counted),
    negative: tf.mul(different, counted),
    anchorLabels: labels,
    counted: countedRows({ labels, valid }),
  };
}

/** [N, 1], 1 or 0: rows of the batch that count. */
export function countedRows({ labels, valid }: Pick<LossInput, 'labels' | 'valid'>): tf.Tensor2D {
  return valid ? column(valid) : tf.ones([labels.shape[0], 1]);
}

/** Where the class of a row [N] is the class of a column [M], [N, M]. */
export function sameClass(rows: tf.Tensor1D, columns: tf.Tensor1D): tf.Tensor2D {
  return tf.cast(tf.equal(column(rows), row(columns)), 'float32');
}

/** [N] as [N, 1]. */
export const column = (x: tf.Tensor1D): tf.Tensor2D => tf.reshape(x, [x.shape[0], 1]);
/** [N] as [1, N]. */
export const row = (x: tf.Tensor1D): tf.Tensor2D => tf.reshape(x, [1, x.shape[0]]);
