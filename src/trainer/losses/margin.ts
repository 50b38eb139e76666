import * as tf from '@tensorflow/tfjs-core';
import type { Tensors } from '../engine/engine';
import type { PairLossSettings } from '../types/pairLosses';
import type { MinedComparison, PairLoss } from './comparison';
import { constant } from './constant';
import type { LossSizes, LossVariable } from './loss';
import { type PairParts, triplets } from './pairValue';
import { ratio, type Reduce, termsOf } from './reduce';

export type MarginSettings = Extract<PairLossSettings, { kind: 'margin' }>;

/** The boundary, when it is learned. */
export function marginParameters(
  { beta, boundary }: MarginSettings,
  { classes }: LossSizes,
): Readonly<Record<string, LossVariable>> {
  if (boundary === 'fixed') return {};
  const size = boundary === 'by-class' ? classes : 1;
  return { beta: { shape: [size], initial: { kind: 'constant', value: beta }, decays: false, rate: 1 } };
}

/**
 * Margin loss (Wu 2017): for each triplet relu(d_ap - b + margin) + relu(b - d_an + margin), where b is a boundary that is learned,
 * for all or for each class; the sum over the triplets divided by how many of the terms are above 0. A learned boundary costs nu x b
 * (for each class: of every triplet, divided as the rest). As a term of a triplet has one pair only, the pairs are weighted by the
 * number of triplets in which they are.
 */
export function marginLoss(settings: MarginSettings, { measure, reduce }: PairParts): PairLoss {
  return (compared, parameters) => {
    const d = measure(compared);
    const b = boundaryOf(settings, compared, parameters);
    const inTriplets = constant(() => weights(compared));
    const pulls = termsOf(tf.relu(tf.add(tf.sub(d, b), settings.margin)), inTriplets.positive);
    const pushes = termsOf(tf.relu(tf.add(tf.sub(b, d), settings.margin)), inTriplets.negative);
    const terms = {
      total: tf.add<tf.Scalar>(pulls.total, pushes.total),
      nonZero: tf.add<tf.Scalar>(pulls.nonZero, pushes.nonZero),
      count: pulls.count,
      active: pulls.active,
    };
    const cost = boundaryCost(settings, { b, perAnchor: tf.sum(inTriplets.positive, 1, true), reduce, ...terms });
    return {
      loss: tf.add(reduce(terms), cost),
      activeShare: constant(() => ratio(terms.nonZero, tf.mul(triplets(compared), 2))),
    };
  };
}

/** [1, 1] for all, [N, 1] for the class of each anchor, or the number. */
function boundaryOf({ boundary, beta }: MarginSettings, compared: MinedComparison, parameters: Tensors): tf.Tensor {
  if (boundary === 'fixed') return tf.scalar(beta);
  const values = parameters['beta'];
  if (boundary === 'learned') return tf.reshape(values, [1, 1]);
  const classes = values.shape[0] ?? 1;
  const own = tf.oneHot(compared.anchorLabels, classes, 1, 0, 'float32') as tf.Tensor2D;
  return tf.matMul(own, tf.reshape(values, [classes, 1]));
}

interface Cost {
  readonly b: tf.Tensor;
  /** How many triplets each anchor has, [N, 1]. */
  readonly perAnchor: tf.Tensor;
  readonly nonZero: tf.Scalar;
  readonly count: tf.Scalar;
  readonly reduce: Reduce;
}

function boundaryCost({ boundary, nu }: MarginSettings, { b, perAnchor, nonZero, count, reduce }: Cost): tf.Tensor {
  if (boundary === 'fixed' || nu === 0) return tf.scalar(0);
  const cost = tf.mul(b, nu);
  if (boundary === 'by-class')
    return reduce({ total: tf.sum(tf.mul(cost, perAnchor)), nonZero, count, active: nonZero });
  return tf.mul(
    tf.sum(cost),
    constant(() => tf.cast(tf.greater(count, 0), 'float32')),
  );
}

/** In how many chosen triplets each pair is. Pairs that a miner chose make all triplets with each other. */
function weights({ mined }: MinedComparison): ReturnType<typeof mined.pairs> {
  const { positive: p, negative: n } = mined.pairs();
  if (mined.ofTriplets) return { positive: p, negative: n };
  return { positive: tf.mul(p, tf.sum(n, 1, true)), negative: tf.mul(n, tf.sum(p, 1, true)) };
}
