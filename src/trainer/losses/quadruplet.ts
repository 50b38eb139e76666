import * as tf from '@tensorflow/tfjs-core';
import { byChunks } from './chunks';
import type { MinedComparison, PairLoss } from './comparison';
import { constant } from './constant';
import { anyOf } from './logSumExp';
import { placeOfMaximum } from './miners/batchHard';
import { asNegatives, asPositives, type MinedPairs } from './miners/miner';
import { type PairParts, triplets, valueOf } from './pairValue';
import { type Terms, termsOf } from './reduce';
import { HINGE, tripletTerms } from './tripletTerms';

export interface QuadrupletSettings {
  /** How much nearer than the negative the positive must be. */
  readonly margin: number;
  /** How much nearer than any two of other classes anchor and positive must be. */
  readonly secondMargin: number;
}

/**
 * Quadruplet loss (Chen 2017): relu(d_ap - d_an1 + margin), AvgNonZero over triplets, plus relu(d_ap - d_n1n2 + secondMargin),
 * AvgNonZero over quadruplets a, p, n1, n2 with a, n1 and n2 of three classes. With one triplet an anchor (batch-hard), the second
 * part takes for each anchor its farthest positive, and the nearest two of other classes than its own. Within a batch only.
 */
export function quadrupletLoss(settings: QuadrupletSettings, { measure, reduce }: PairParts): PairLoss {
  return (compared) => {
    const d = measure(compared);
    const { single } = compared.mined;
    const first = single
      ? singleTriplets(d, single, settings.margin)
      : tripletTerms({ d }, compared.mined, settings.margin, HINGE);
    const second = single ? nearestPairs(d, compared, single, settings) : allPairs(d, compared, settings);
    const value = valueOf(reduce, first, single ? first.count : triplets(compared));
    return { ...value, loss: tf.add(value.loss, reduce(second)) };
  };
}

function singleTriplets(d: tf.Tensor2D, { positive, negative }: MinedPairs, margin: number): Terms {
  const gap = tf.sum(tf.mul(d, tf.sub(positive, negative)), 1, true);
  return termsOf(tf.relu(tf.add(gap, margin)), anyOf(positive));
}

/** Of some anchors, the pairs n1, n2 of two classes neither of which is the anchor's, [count, N, N]. In `constant` only. */
function pairsOfOthers(negative: tf.Tensor2D, first: number, count: number): tf.Tensor3D {
  return tf.mul(tf.mul(asPositives(negative, first, count), asNegatives(negative, first, count)), negative);
}

/** What some anchors give to the second part. */
interface Chunk {
  readonly count: tf.Tensor;
  /** In how many active quadruplets each pair is the positive one, [count, N]. */
  readonly pulls: tf.Tensor2D;
  /** In how many it is that of the two others, [N x N]. */
  readonly pushes: tf.Tensor;
}

/**
 * The sum over active quadruplets of d_ap - d_n1n2 + margin is a sum of distances times how often each is in them. Only the counting
 * looks at them all, without a gradient.
 */
function secondPart(
  d: tf.Tensor2D,
  margin: number,
  elements: number,
  look: (first: number, count: number) => Chunk,
): Terms {
  const size = d.shape[0];
  const seen = constant(() => {
    const chunks = byChunks(size, elements, look);
    const pulls = tf.concat(chunks.map((chunk) => chunk.pulls));
    const pushes = tf.addN(chunks.map((chunk) => chunk.pushes));
    return {
      slopes: tf.sub<tf.Tensor2D>(pulls, tf.reshape(pushes, [size, size])),
      active: tf.sum<tf.Scalar>(pulls),
      count: tf.addN(chunks.map(({ count }) => count)) as tf.Scalar,
    };
  });
  const weighted = tf.sum(tf.mul(d, seen.slopes));
  return {
    total: tf.add(weighted, tf.mul(seen.active, margin)),
    nonZero: seen.active,
    count: seen.count,
    active: seen.active,
  };
}

/** For each anchor its farthest positive with the nearest two of others. */
function nearestPairs(
  d: tf.Tensor2D,
  { negative }: MinedComparison,
  { positive }: MinedPairs,
  { secondMargin }: QuadrupletSettings,
): Terms {
  const pairs = d.size;
  return secondPart(d, secondMargin, pairs, (first, count) => {
    const others = tf.reshape(pairsOfOthers(negative, first, count), [count, pairs]);
    const flat = tf.reshape(d, [1, pairs]);
    const places = placeOfMaximum(tf.neg(tf.mul(flat, tf.onesLike(others))), others);
    const own = tf.slice(positive, [first, 0], [count, d.shape[1]]);
    const farthest = tf.sum(tf.mul(tf.slice(d, [first, 0], [count, d.shape[1]]), own), 1, true);
    const complete = tf.mul(anyOf(own), anyOf(places as tf.Tensor2D));
    const violation = tf.add(tf.sub(farthest, tf.sum(tf.mul(flat, places), 1, true)), secondMargin);
    const active = tf.mul(tf.cast(tf.greater(violation, 0), 'float32'), complete);
    return { count: tf.sum(complete), pulls: tf.mul(own, active), pushes: tf.sum(tf.mul(places, active), 0) };
  });
}

/** Every positive pair of an anchor with every pair of others: N^4, so for small batches. */
function allPairs(
  d: tf.Tensor2D,
  { positive, negative }: MinedComparison,
  { secondMargin }: QuadrupletSettings,
): Terms {
  const pairs = d.size;
  return secondPart(d, secondMargin, d.shape[0] * pairs, (first, count) => {
    const others = tf.reshape(pairsOfOthers(negative, first, count), [count, 1, pairs]);
    const all = tf.mul(asPositives(positive, first, count), others);
    const violation = tf.add(tf.sub(asPositives(d, first, count), tf.reshape(d, [1, 1, pairs])), secondMargin);
    const active = tf.mul(tf.cast(tf.greater(violation, 0), 'float32'), all);
    return { count: tf.sum(all), pulls: tf.sum<tf.Tensor2D>(active, 2), pushes: tf.sum(active, [0, 1]) };
  });
}
