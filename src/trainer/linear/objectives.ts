/** What the classical linear methods minimise, as functions of the squared distances after the map. None normalises the rows. */
import * as tf from '@tensorflow/tfjs-core';
import { sameClass } from '../losses/comparison';
import { identity } from '../losses/distance';
import { gatherFromRows } from '../losses/gatherFromRows';
import { withoutGradient } from '../losses/withoutGradient';

export type OptimisedMethod = 'nca' | 'lmnn' | 'mmc';

export interface Mapped {
  /** Squared Euclidean distances of all rows after the map, [N, N]. */
  readonly squared: tf.Tensor2D;
  /** [N] */
  readonly labels: tf.Tensor1D;
  /** The target neighbours of each row: the nearest of its class before there was a map, [N, k] int32; itself where there are fewer. */
  readonly targets: tf.Tensor2D;
}

export const OBJECTIVES: Readonly<Record<OptimisedMethod, (mapped: Mapped) => tf.Scalar>> = { nca, lmnn, mmc };

/**
 * Neighbourhood component analysis (Goldberger 2004): minus the mean chance that a row's neighbour, drawn by softmax over -d^2, is of its
 * class.
 */
function nca({ squared, labels }: Mapped): tf.Scalar {
  const size = labels.shape[0];
  const others = tf.sub<tf.Tensor2D>(1, identity(size));
  const logits: tf.Tensor2D = tf.sub(tf.neg(tf.mul(squared, others)), tf.mul(identity(size), FAR));
  const highest = withoutGradient(logits, (x) => tf.max(x, 1, true));
  const weights = tf.mul(tf.exp(tf.sub(logits, highest)), others);
  const right = tf.sum(tf.mul(weights, sameClass(labels, labels)), 1);
  return tf.neg(tf.mean(tf.div(right, tf.sum(weights, 1))));
}

/** Stands for an infinite distance. */
const FAR = 1e9;
/** How far impostors must stay behind a target neighbour, in squared distance. */
const MARGIN = 1;

/**
 * Large margin nearest neighbours (Weinberger and Saul 2009) with equal weights: target neighbours are pulled, and rows of other classes
 * that are nearer than one of them and a margin of 1 are pushed. Mean over the targets.
 */
function lmnn({ squared, labels, targets }: Mapped): tf.Scalar {
  const [rows, perRow] = targets.shape;
  const near = gatherFromRows(squared, targets);
  const others = tf.sub<tf.Tensor2D>(1, sameClass(labels, labels));
  const gaps = tf.sub(tf.add(tf.reshape(near, [rows, perRow, 1]), MARGIN), tf.reshape(squared, [rows, 1, rows]));
  const push = tf.sum(tf.mul(tf.relu(gaps), tf.reshape(others, [rows, 1, rows])));
  return tf.div(tf.add(tf.sum(near), push), 2 * rows * perRow);
}

/** Keeps the slope of the root finite. */
const SMALLEST = 1e-8;

/**
 * Mahalanobis metric for clustering (Xing 2002): as large a sum of distances between classes as there can be while the squared distances
 * within add up to 1. The scale is free, so this is the smallest 1/2 log(sum of d^2 within) - log(sum of d between); means instead of
 * sums differ by a constant.
 */
function mmc({ squared, labels }: Mapped): tf.Scalar {
  const same = sameClass(labels, labels);
  const within = tf.mul(same, tf.sub(1, identity(labels.shape[0])));
  const between = tf.sub(1, same);
  const spread = tf.div(tf.sum(tf.mul(squared, within)), tf.maximum(tf.sum(within), 1));
  const roots = tf.sqrt(tf.maximum(squared, SMALLEST));
  const apart = tf.div(tf.sum(tf.mul(roots, between)), tf.maximum(tf.sum(between), 1));
  return tf.sub(tf.mul(tf.log(tf.maximum(spread, SMALLEST)), 0.5), tf.log(tf.maximum(apart, SMALLEST)));
}
