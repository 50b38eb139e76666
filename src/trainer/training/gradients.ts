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
