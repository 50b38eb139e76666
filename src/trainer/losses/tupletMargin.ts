import * as tf from '@tensorflow/tfjs-core';
import type { PairLoss } from './comparison';
import { logSumExp } from './logSumExp';
import { type PairParts, positivePairs, valueOf } from './pairValue';
import { termsOf } from './reduce';

export interface TupletMarginSettings {
  /** Degrees by which a positive may be turned away. */
  readonly margin: number;
  readonly scale: number;
}

/** Cosines are kept this far from 1 and -1, where the slope of the angle is infinite. */
const EDGE = 1e-7;

/**
 * Tuplet margin loss (Yu and Tao 2019): for each ordered positive pair
 * log(1 + sum_n e^(scale (s_an - cos(theta_ap - margin)))), mean over the pairs.
 */
export function tupletMarginLoss({ margin, scale }: TupletMarginSettings, { measure, reduce }: PairParts): PairLoss {
  const angle = (margin * Math.PI) / 180;
  return (compared) => {
    const s = measure(compared);
    const { positive, negative } = compared.mined.pairs();
    const cosine = tf.clipByValue(s, -1 + EDGE, 1 - EDGE);
    const sine = tf.sqrt(tf.sub(1, tf.square(cosine)));
    const turned = tf.add(tf.mul(cosine, Math.cos(angle)), tf.mul(sine, Math.sin(angle)));
    const losses = tf.softplus(tf.sub(logSumExp(tf.mul(s, scale), negative), tf.mul(turned, scale)));
    return valueOf(reduce, termsOf(losses, positive), positivePairs(compared));
  };
}
