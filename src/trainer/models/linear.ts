import * as tf from '@tensorflow/tfjs-core';
import type { Tensors } from '../engine/engine';
import type { Variable } from './model';
import { constant, weight } from './variables';

/** The variables of a linear layer, by name. `share` makes the first output smaller, for branches that are added up. */
export function linearVariables(name: string, from: number, to: number, share = 1): Record<string, Variable> {
  return { [`${name}.weight`]: weight([from, to], from * share), [`${name}.bias`]: constant(to, 0) };
}

/** x W + b for the rows of `x`. */
export function linear(values: Tensors, name: string, x: tf.Tensor2D): tf.Tensor2D {
  return tf.add(tf.matMul(x, values[`${name}.weight`] as tf.Tensor2D), values[`${name}.bias`]);
}
