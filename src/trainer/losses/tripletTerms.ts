import * as tf from '@tensorflow/tfjs-core';
import { byChunks } from './chunks';
import { constant } from './constant';
import { asNegatives, asPositives, type Mined } from './miners/miner';
import type { Terms } from './reduce';

/** The loss of a triplet by how much it violates its margin, d_ap - d_an + m; and the slope of that. */
export interface TripletShape {
  readonly value: (violation: tf.Tensor) => tf.Tensor;
  readonly slope: (violation: tf.Tensor) => tf.Tensor;
}

export const HINGE: TripletShape = {
  value: (violation) => tf.relu(violation),
  slope: (violation) => tf.cast(tf.greater(violation, 0), 'float32'),
};

export const SOFT: TripletShape = {
  value: (violation) => tf.softplus(violation),
  slope: (violation) => tf.sigmoid(violation),
};

interface TripletDistances {
  /** [N, M]. */
  readonly d: tf.Tensor2D;
  /** [M, M]: the distance of positive and negative counts where it is less than that of anchor and negative (swap). */
  readonly between?: tf.Tensor2D | undefined;
}

/**
 * The losses of the triplets that were mined. All N x M x M of them are looked at, some anchors at a time, without a gradient: they
 * give the sum and its slope in every distance, and the sum then follows the distances with that slope. So nothing that large is
 * kept for the gradient.
 */
export function tripletTerms(distances: TripletDistances, mined: Mined, margin: number, shape: TripletShape): Terms {
  const { d, between } = distances;
  const seen = constant(() => look(distances, mined, margin, shape));
  const follows = follow(d, seen.slopes);
  const total =
    between && seen.betweenSlopes ? tf.add<tf.Scalar>(follows, follow(between, seen.betweenSlopes)) : follows;
  return { total: tf.add(seen.total, total), nonZero: seen.nonZero, count: seen.count, active: seen.nonZero };
}

/** 0, with a gradient: the slopes. */
function follow(x: tf.Tensor2D, slopes: tf.Tensor2D): tf.Scalar {
  const weighted = tf.sum<tf.Scalar>(tf.mul(x, slopes));
  return tf.sub(
    weighted,
    constant(() => tf.clone(weighted)),
  );
}

interface Seen {
  readonly total: tf.Scalar;
  readonly nonZero: tf.Scalar;
  readonly count: tf.Scalar;
  readonly slopes: tf.Tensor2D;
  readonly betweenSlopes?: tf.Tensor2D;
}

function look({ d, between }: TripletDistances, mined: Mined, margin: number, { value, slope }: TripletShape): Seen {
  const [anchors, references] = d.shape;
  const chunks = byChunks(anchors, references * references, (first, count) => {
    const chosen = mined.triplets(first, count);
    const direct = asNegatives(d, first, count);
    const toNegative = between ? tf.minimum(direct, between) : direct;
    const violation = tf.add(tf.sub(asPositives(d, first, count), toNegative), margin);
    const losses = tf.mul(value(violation), chosen);
    const slopes = tf.mul(slope(violation), chosen);
    const swapped = between ? tf.mul(slopes, tf.cast(tf.less(between, direct), 'float32')) : undefined;
    return {
      total: tf.sum(losses),
      nonZero: tf.sum(tf.mul(tf.cast(tf.greater(losses, 0), 'float32'), chosen)),
      count: tf.sum(chosen),
      slopes: tf.sub<tf.Tensor2D>(tf.sum(slopes, 2), tf.sum(swapped ? tf.sub(slopes, swapped) : slopes, 1)),
      betweenSlopes: swapped && tf.neg(tf.sum<tf.Tensor2D>(swapped, 0)),
    };
  });
  const swaps = chunks.flatMap(({ betweenSlopes }) => betweenSlopes ?? []);
  return {
    total: sumOf(chunks.map(({ total }) => total)),
    nonZero: sumOf(chunks.map(({ nonZero }) => nonZero)),
    count: sumOf(chunks.map(({ count }) => count)),
    slopes: tf.concat(chunks.map(({ slopes }) => slopes)),
    ...(swaps.length > 0 ? { betweenSlopes: tf.addN(swaps) } : {}),
  };
}

function sumOf(values: tf.Tensor[]): tf.Scalar {
  return tf.addN(values) as tf.Scalar;
}
