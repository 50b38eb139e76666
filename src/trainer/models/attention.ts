import * as tf from '@tensorflow/tfjs-core';
import type { Tensors } from '../engine/engine';
import { linear, linearVariables } from './linear';
import type { Variable } from './model';

/** The variables of a self-attention, by name. `share`: see `linearVariables`. */
export function attentionVariables(name: string, width: number, share: number): Record<string, Variable> {
  return {
    ...linearVariables(`${name}.queriesKeysValues`, width, 3 * width),
    ...linearVariables(`${name}.output`, width, width, share),
  };
}

export interface SequenceShape {
  readonly count: number;
  readonly tokens: number;
  readonly heads: number;
}

/**
 * Multi-head self-attention (Vaswani 2017): for each head softmax(Q K^T / sqrt(head width)) V.
 * @param x one token a row, [count * tokens, width].
 * @returns the same shape.
 */
export function selfAttention(values: Tensors, name: string, x: tf.Tensor2D, shape: SequenceShape): tf.Tensor2D {
  const { count, tokens, heads } = shape;
  const width = x.shape[1];
  const size = width / heads;
  const all = tf.reshape(linear(values, `${name}.queriesKeysValues`, x), [count, tokens, 3, heads, size]);
  // One transposition for the three of them; taking them apart is then free.
  const [queries, keys, contents] = tf.unstack(tf.transpose(all, [2, 0, 3, 1, 4]), 0);
  const scores = tf.softmax(tf.matMul(tf.mul(queries, 1 / Math.sqrt(size)), keys, false, true));
  const mixed = tf.transpose(tf.matMul(scores, contents), [0, 2, 1, 3]);
  return linear(values, `${name}.output`, tf.reshape(mixed, [count * tokens, width]));
}
