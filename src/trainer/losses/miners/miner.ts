import * as tf from '@tensorflow/tfjs-core';
import type { Tensors } from '../../engine/engine';
import type { Noise } from '../../models/model';
import type { Comparison } from '../comparison';
import { constant } from '../constant';
import { byChunks } from '../chunks';

/** What a miner has chosen of a comparison. Nothing of it has a gradient. */
export interface Mined {
  /** How often each pair counts, [N, M]: in how many chosen triplets it is, or once. */
  pairs(): MinedPairs;
  /**
   * Which triplets of the anchors `first` to `first + count` were chosen, [count, M, M] by positive and negative. In `constant` only.
   */
  triplets(first: number, count: number): tf.Tensor3D;
  /** Whether `pairs` counts triplets; otherwise every chosen positive makes one with every chosen negative of its anchor. */
  readonly ofTriplets: boolean;
  /** One triplet for each anchor at most: where its positive and its negative are, [N, M]; equally good ones share the 1. */
  readonly single?: MinedPairs;
}

export interface MinedPairs {
  readonly positive: tf.Tensor2D;
  readonly negative: tf.Tensor2D;
}

export interface Miner {
  /** Random numbers for each item of a batch, when it is compared with `references` others. */
  noise(references: number): Readonly<Record<string, Noise>>;
  mine(comparison: Comparison, noise: Tensors): Mined;
}

/** A miner without randomness. */
export function miner(mine: (comparison: Comparison) => Mined): Miner {
  return { noise: () => ({}), mine };
}

/** Chosen pairs: every two of an anchor make a triplet. */
export function minedPairs(pairs: MinedPairs): Mined {
  return { ofTriplets: false, pairs: () => pairs, triplets: (first, count) => products(pairs, first, count) };
}

/** One positive and one negative for each anchor. */
export function minedSingles(single: MinedPairs): Mined {
  return { ...minedPairs(single), single };
}

/** Chosen triplets: a pair counts in as many as it is in. */
export function minedTriplets(references: number, anchors: number, triplets: Mined['triplets']): Mined {
  return {
    ofTriplets: true,
    triplets,
    pairs: () =>
      constant(() => {
        const chunks = byChunks(anchors, references * references, (first, count) => {
          const chosen = triplets(first, count);
          return [tf.sum<tf.Tensor2D>(chosen, 2), tf.sum<tf.Tensor2D>(chosen, 1)] as const;
        });
        return { positive: tf.concat(chunks.map(([p]) => p)), negative: tf.concat(chunks.map(([, n]) => n)) };
      }),
  };
}

/** Pairs that count at all, each once, or shared: what losses of whole rows see of a miner. */
export function chosenOnce({ positive, negative }: MinedPairs): MinedPairs {
  return constant(() => ({ positive: tf.minimum(positive, 1), negative: tf.minimum(negative, 1) }));
}

/** For some anchors, every positive with every negative, [count, M, M]. */
export function products({ positive, negative }: MinedPairs, first: number, count: number): tf.Tensor3D {
  return tf.mul(asPositives(positive, first, count), asNegatives(negative, first, count));
}

/** Rows of some anchors, [count, M, 1]. */
export function asPositives(x: tf.Tensor2D, first: number, count: number): tf.Tensor3D {
  return tf.expandDims(tf.slice(x, [first, 0], [count, x.shape[1]]), 2);
}

/** Rows of some anchors, [count, 1, M]. */
export function asNegatives(x: tf.Tensor2D, first: number, count: number): tf.Tensor3D {
  return tf.expandDims(tf.slice(x, [first, 0], [count, x.shape[1]]), 1);
}
