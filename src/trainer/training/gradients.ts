import * as tf from '@tensorflow/tfjs-core';
import type { Tensors } from '../engine/engine';

export interface Gradients<Extra extends Tensors> {
  readonly gradients: Record<string, tf.Tensor>;
  /** What the function computed beside the loss. */
  readonly extra: Extra;
}

/**
 * Gradients of `f(parameters).loss` with respect to each parameter, and what else the same pass gave. TensorFlow.js frees all
 * that the pass made but the loss, so the rest is held over the pass and then handed to the scope that is open now.
 */
export function gradientsOf<Extra extends Tensors>(
  parameters: Tensors,
  f: (parameters: Tensors) => { readonly loss: tf.Scalar; readonly extra: Extra },
): Gradients<Extra> {
  const names = Object.keys(parameters);
  let held: [string, tf.Tensor][] = [];
  const { grads } = tf.valueAndGrads((...values: tf.Tensor[]) => {
    const { loss, extra } = f(Object.fromEntries(names.map((name, i) => [name, values[i]])));
    held = Object.entries(extra).map(([name, tensor]) => [name, tf.keep(tensor)]);
    return loss;
  })(Object.values(parameters));
  const extra = Object.fromEntries(held.map(([name, tensor]) => [name, tf.clone(tensor)])) as Extra;
  for (const [, tensor] of held) tensor.dispose();
  return { gradients: Object.fromEntries(names.map((name, i) => [name, grads[i]])), extra };
}

/** Keeps the quotient finite for gradients that are all 0. */
const NORM_FLOOR = 1e-6;

/**
 * All gradients shrunk by one factor, so that the norm of all of them together is at most `limit` (Pascanu 2013); smaller ones stay as
 * they are. As in PyTorch, the factor is limit / (norm + 1e-6).
 */
export function clipByGlobalNorm(gradients: Tensors, limit: number): Record<string, tf.Tensor> {
  const squares = Object.values(gradients).map((gradient) => tf.sum(tf.mul(gradient, gradient)));
  const norm = tf.sqrt(tf.addN(squares));
  const factor = tf.minimum(tf.div(limit, tf.add(norm, NORM_FLOOR)), 1);
  return Object.fromEntries(Object.entries(gradients).map(([name, gradient]) => [name, tf.mul(gradient, factor)]));
}
