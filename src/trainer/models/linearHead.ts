import * as tf from '@tensorflow/tfjs-core';
import type { Tensors } from '../engine/engine';
import { linear, linearVariables } from './linear';
import type { Model } from './model';

/** Name of the layer: its variables are `head.weight` [inputs, embeddingSize] and `head.bias`. */
export const HEAD = 'head';

/** One linear layer from vectors to embeddings. Pictures are taken as vectors of their elements. */
export function linearHead({
  embeddingSize,
  inputs,
}: {
  readonly embeddingSize: number;
  readonly inputs: number;
}): Model<tf.Tensor> {
  const forward = (values: Tensors, items: tf.Tensor): tf.Tensor2D =>
    linear(values, HEAD, tf.reshape(items, [items.shape[0], inputs]));
  return {
    parameters: linearVariables(HEAD, inputs, embeddingSize),
    statistics: {},
    train: (values, _, items) => ({ embeddings: forward(values, items), statistics: {} }),
    infer: (values, _, items) => forward(values, items),
  };
}
