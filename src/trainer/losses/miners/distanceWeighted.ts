import * as tf from '@tensorflow/tfjs-core';
import { constant } from '../constant';
import { distances } from '../distance';
import { asNegatives, asPositives, type Miner, minedTriplets } from './miner';

export interface DistanceWeightedSettings {
  /** Distances below this are taken as this, so that a few nearest do not take all. */
  readonly nearest: number;
  /** Negatives at least this far are never drawn. */
  readonly farthest: number;
}

/** Far below every log weight. */
const NEVER = -1e9;

/**
 * For each positive pair one negative, drawn with a chance of 1 / q(d), where q is the density of the distances of random points on
 * the sphere (Wu 2017): log w = (2 - D) log d - ((D - 3) / 2) log(1 - d^2 / 4). An anchor without a negative within reach has none.
 * Weights are made relative to the largest of the anchor, so that none but the hopeless become 0.
 * `uniform` [N, M] has one number from 0 to 1 for each positive pair.
 */
export function distanceWeightedMiner(settings: DistanceWeightedSettings): Miner {
  return {
    noise: (references) => ({ uniform: { shape: [references], kind: 'uniform' } }),
    mine: (compared, noise) => {
      const dims = compared.anchors.shape[1];
      const uniform = noise['uniform'] as tf.Tensor2D;
      const { from, to, target } = constant(() => {
        const weights = negativeWeights(distances(compared), compared.negative, dims, settings);
        const upTo: tf.Tensor2D = tf.cumsum(weights, 1);
        const before = tf.concat(
          [tf.zeros<tf.Rank.R2>([upTo.shape[0], 1]), tf.slice(upTo, [0, 0], [-1, upTo.shape[1] - 1])],
          1,
        );
        return { from: before, to: upTo, target: tf.mul<tf.Tensor2D>(uniform, tf.sum(weights, 1, true)) };
      });
      const [anchors, references] = to.shape;
      return minedTriplets(references, anchors, (first, count) => {
        const wanted = asPositives(target, first, count);
        const isDrawn = tf.logicalAnd(
          tf.lessEqual(asNegatives(from, first, count), wanted),
          tf.greater(asNegatives(to, first, count), wanted),
        );
        return tf.mul(tf.cast(isDrawn, 'float32'), asPositives(compared.positive, first, count));
      });
    },
  };
}

/** Chances of the negatives of each anchor, not yet divided by their sum, [N, M]. */
function negativeWeights(
  d: tf.Tensor2D,
  negative: tf.Tensor2D,
  dims: number,
  { nearest, farthest }: DistanceWeightedSettings,
): tf.Tensor2D {
  const clamped = tf.clipByValue(d, nearest, farthest);
  const surface = tf.log(tf.sub(1, tf.mul(tf.square(clamped), 0.25)));
  const logs = tf.sub(tf.mul(tf.log(clamped), 2 - dims), tf.mul(surface, (dims - 3) / 2));
  const eligible = tf.mul(negative, tf.cast(tf.less(d, farthest), 'float32'));
  const known = tf.add(tf.mul(logs, eligible), tf.mul(tf.sub(1, eligible), NEVER));
  return tf.mul(tf.exp(tf.sub(known, tf.max(known, 1, true))), eligible);
}
