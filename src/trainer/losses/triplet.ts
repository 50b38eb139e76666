import * as tf from '@tensorflow/tfjs-core';
import type { TripletMiner } from '../types/training';
import { batchHardTripletLoss } from './batchHard';
import { distances } from './distance';
import type { Comparison, PairLoss } from './comparison';
import type { LossValue } from './loss';
import { ratio } from './reduce';
import { withoutGradient } from './withoutGradient';

export interface TripletSettings {
  /** How much nearer than the negative the positive must be, in distance. */
  readonly margin: number;
  readonly miner: TripletMiner;
}

/** The miners keep triplets whose gap d_an - d_ap is at most this, or the loss's own margin when that is larger. */
const MINER_MARGIN = 0.2;
/** Farther than any distance of two unit vectors: marks what is no pair. */
const FAR = 1e6;
/** How many anchors have their N x N triplets in memory at a time. */
const ANCHORS_AT_ONCE = 32;

/**
 * Triplet loss (Schroff 2015): relu(d_ap - d_an + margin), AvgNonZero over the triplets that the miner keeps. With the gap
 * g = d_an - d_ap, 'all' keeps g <= m, 'hard' g <= 0, 'semi-hard' 0 < g <= m; 'batch-hard' takes for each anchor its farthest
 * positive and its nearest negative (Hermans 2017). `activeShare` counts among all triplets, mined or not.
 */
export function tripletLoss({ margin, miner }: TripletSettings): PairLoss {
  if (miner === 'batch-hard') return batchHardTripletLoss(margin);
  return (compared) => minedTriplets(distances(compared), compared, margin, miner);
}

/**
 * The sum over active triplets of (d_ap - d_an + margin) is a weighted sum of distances, with the weight of a pair being the
 * number of active triplets in which it is the positive, less those in which it is the negative. So only the counting, which
 * has no gradient, needs all N x N x N triplets.
 */
function minedTriplets(
  d: tf.Tensor2D,
  masks: Comparison,
  margin: number,
  miner: Exclude<TripletMiner, 'batch-hard'>,
): LossValue {
  const weights = withoutGradient(d, (values) => activeWeights(values, masks, margin, miner));
  const active = tf.sum(tf.mul(weights, masks.positive));
  const weighted = tf.sum(tf.mul(d, weights));
  const triplets = tf.sum(tf.mul(tf.sum(masks.positive, 1), tf.sum(masks.negative, 1)));
  return {
    loss: ratio(tf.add(weighted, tf.mul(active, margin)), active),
    activeShare: ratio(active, triplets),
  };
}

/** For each pair (anchor, other): in how many active triplets it is the positive, less in how many it is the negative. */
function activeWeights(
  d: tf.Tensor2D,
  { positive, negative }: Comparison,
  margin: number,
  miner: Exclude<TripletMiner, 'batch-hard'>,
): tf.Tensor2D {
  const [anchors, references] = d.shape;
  const toPositive = tf.sub(tf.mul(d, positive), tf.mul(tf.sub(1, positive), FAR));
  const toNegative = tf.add(tf.mul(d, negative), tf.mul(tf.sub(1, negative), FAR));
  const weights: tf.Tensor2D[] = [];
  for (let first = 0; first < anchors; first += ANCHORS_AT_ONCE) {
    const count = Math.min(ANCHORS_AT_ONCE, anchors - first);
    const ap = tf.reshape(tf.slice(toPositive, [first, 0], [count, references]), [count, references, 1]);
    const an = tf.reshape(tf.slice(toNegative, [first, 0], [count, references]), [count, 1, references]);
    const active = activeTriplets(tf.sub(an, ap), margin, miner);
    weights.push(tf.sub(tf.sum(active, 2), tf.sum(active, 1)));
  }
  return tf.concat(weights, 0);
}

/** 1 where a triplet is kept by the miner and has a loss > 0. A triplet that is none has a gap beyond every margin. */
function activeTriplets(gap: tf.Tensor, margin: number, miner: Exclude<TripletMiner, 'batch-hard'>): tf.Tensor {
  const lossy = tf.less(gap, margin);
  if (miner === 'hard') return tf.cast(tf.logicalAnd(lossy, tf.lessEqual(gap, 0)), 'float32');
  const kept = tf.lessEqual(gap, Math.max(margin, MINER_MARGIN));
  const mined = miner === 'semi-hard' ? tf.logicalAnd(kept, tf.greater(gap, 0)) : kept;
  return tf.cast(tf.logicalAnd(lossy, mined), 'float32');
}
