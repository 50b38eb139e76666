import * as tf from '@tensorflow/tfjs-core';
import type { Tensors } from '../engine/engine';
import type { ModelSettings } from '../types/training';
import { type Dropout, dropoutOf, noDropout } from './dropout';
import { gelu } from './gelu';
import { layerNorm, layerNormVariables } from './layerNorm';
import { linear, linearVariables } from './linear';
import type { Model, Noise, Variable } from './model';
import { weight } from './variables';

export interface MlpSettings extends Omit<Extract<ModelSettings, { kind: 'mlp' }>, 'kind'> {
  readonly embeddingSize: number;
  /** Length of an item as a vector. */
  readonly inputs: number;
}

/**
 * A multilayer perceptron: `depth` hidden layers, each linear, layer normalisation, GELU and dropout; a linear head. Items of more
 * axes (pictures) are taken as vectors of their elements.
 */
export function mlp(settings: MlpSettings): Model<tf.Tensor> {
  const { depth, dropout, embeddingSize, inputs, width } = settings;
  const parameters: Record<string, Variable> = {};
  const noise: Record<string, Noise> = {};
  for (let layer = 0; layer < depth; layer++) {
    const name = `hidden${layer}`;
    Object.assign(parameters, linearVariables(name, layer === 0 ? inputs : width, width));
    Object.assign(parameters, layerNormVariables(`${name}.norm`, width));
    if (dropout > 0) noise[name] = { shape: [width], keep: 1 - dropout };
  }
  const last = depth === 0 ? inputs : width;
  parameters['head'] = weight([last, embeddingSize], last);
  return {
    parameters,
    statistics: {},
    noise,
    train: (values, _, items, masks) => ({
      embeddings: forward(settings, values, items, dropoutOf(masks)),
      statistics: {},
    }),
    infer: (values, _, items) => forward(settings, values, items, noDropout),
  };
}

function forward({ depth, inputs }: MlpSettings, values: Tensors, items: tf.Tensor, drop: Dropout): tf.Tensor2D {
  let x: tf.Tensor2D = tf.reshape(items, [items.shape[0], inputs]);
  for (let layer = 0; layer < depth; layer++) {
    const name = `hidden${layer}`;
    const [scale, shift] = [values[`${name}.norm.scale`], values[`${name}.norm.shift`]];
    x = drop(name, gelu(layerNorm(linear(values, name, x), scale as tf.Tensor1D, shift as tf.Tensor1D)));
  }
  return tf.matMul(x, values['head']);
}
