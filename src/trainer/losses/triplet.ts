import * as tf from '@tensorflow/tfjs-core';
import { anyOf } from './logSumExp';
import type { MinedComparison, PairLoss } from './comparison';
import { constant } from './constant';
import { identity } from './distance';
import type { MinedPairs } from './miners/miner';
import { type PairParts, triplets, valueOf } from './pairValue';
import { termsOf } from './reduce';
import { HINGE, SOFT, tripletTerms } from './tripletTerms';

export interface TripletSettings {
  /** How much nearer than the negative the positive must be, in distance. */
  readonly margin: number;
  /** Softplus instead of the hinge: a triplet never costs nothing (Hermans 2017). */
  readonly soft?: boolean;
  /** The nearer of anchor and positive to the negative is compared (Balntas 2016). */
  readonly swap?: boolean;
}

/**
 * Triplet loss (Schroff 2015): relu(d_ap - d_an + margin), AvgNonZero over the triplets that the miner keeps. `activeShare` counts among
 * all triplets, mined or not, but with one triplet an anchor (batch-hard) among those.
 */
export function tripletLoss(settings: TripletSettings, { measure, reduce }: PairParts): PairLoss {
  const shape = settings.soft === true ? SOFT : HINGE;
  return (compared) => {
    const d = measure(compared);
    const between = settings.swap === true ? measure(referencesOf(compared)) : undefined;
    const { single } = compared.mined;
    if (!single) {
      const terms = tripletTerms({ d, between }, compared.mined, settings.margin, shape);
      return valueOf(reduce, terms, triplets(compared));
    }
    const complete = anyOf(single.positive);
    const losses = shape.value(tf.add(gapOf(d, between, single), settings.margin));
    return valueOf(reduce, termsOf(losses, complete), tf.sum(complete));
  };
}

/** d_ap - d_an of the one triplet of each anchor, [N, 1]. */
function gapOf(d: tf.Tensor2D, between: tf.Tensor2D | undefined, { positive, negative }: MinedPairs): tf.Tensor {
  const toPositive = tf.sum(tf.mul(d, positive), 1, true);
  const toNegative = tf.sum(tf.mul(d, negative), 1, true);
  if (!between) return tf.sub(toPositive, toNegative);
  const swapped = tf.sum(tf.mul(tf.matMul(positive, between), negative), 1, true);
  const isNearer = constant(() => tf.cast(tf.less(swapped, toNegative), 'float32'));
  const nearer = tf.add(tf.mul(swapped, isNearer), tf.mul(toNegative, tf.sub(1, isNearer)));
  return tf.sub(toPositive, nearer);
}

/** The references with each other; which of them count was settled by the triplets. */
function referencesOf({ references }: MinedComparison): Parameters<PairParts['measure']>[0] {
  const size = references.shape[0];
  const others = tf.sub<tf.Tensor2D>(1, identity(size));
  return { anchors: references, references, positive: others, negative: tf.zerosLike(others) };
}
