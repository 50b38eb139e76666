import * as tf from '@tensorflow/tfjs-core';
import type { Tensors } from '../engine/engine';
import type { ModelSettings } from '../types/training';
import { averageStatistics, batchStatistics, type ChannelStatistics } from './batchNorm';
import { type Dropout, dropoutOf, noDropout } from './dropout';
import { gelu } from './gelu';
import { layerNorm, layerNormVariables } from './layerNorm';
import { linear, linearVariables } from './linear';
import type { Model, Noise, Variable } from './model';
import { constant, weight } from './variables';

export interface MlpSettings extends Omit<Extract<ModelSettings, { kind: 'mlp' }>, 'kind'> {
  readonly embeddingSize: number;
  /** Length of an item as a vector. */
  readonly inputs: number;
}

/** Keeps the quotient finite where nothing changes. */
const SMALLEST_VARIANCE = 1e-12;
/** Of the mean variance of all features: a feature that hardly changes is not blown up. */
const VARIANCE_FLOOR = 0.01;

/**
 * A multilayer perceptron: each feature standardised (by the batch while training, by running statistics later); `depth` hidden layers, each linear, layer normalisation, GELU and dropout; a linear head. Items of more
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
    statistics: { 'input.mean': constant(inputs, 0), 'input.variance': constant(inputs, 1) },
    noise,
    train: (values, running, items, masks, valid) => {
      const x: tf.Tensor2D = tf.reshape(items, [items.shape[0], inputs]);
      const { mean, variance } = batchStatistics(tf.reshape(x, [x.shape[0], 1, 1, inputs]), valid);
      const average = averageStatistics(statisticsOf(running), { mean, variance });
      return {
        embeddings: forward(settings, values, standardised(x, { mean, variance }), dropoutOf(masks)),
        statistics: { 'input.mean': average.mean, 'input.variance': average.variance },
      };
    },
    infer: (values, running, items) => {
      const x: tf.Tensor2D = tf.reshape(items, [items.shape[0], inputs]);
      return forward(settings, values, standardised(x, statisticsOf(running)), noDropout);
    },
  };
}

function statisticsOf(running: Tensors): ChannelStatistics {
  return { mean: running['input.mean'] as tf.Tensor1D, variance: running['input.variance'] as tf.Tensor1D };
}

function standardised(x: tf.Tensor2D, { mean, variance }: ChannelStatistics): tf.Tensor2D {
  const floored = tf.add(variance, tf.add(tf.mul(tf.mean(variance), VARIANCE_FLOOR), SMALLEST_VARIANCE));
  return tf.mul(tf.sub(x, mean), tf.rsqrt(floored));
}

function forward({ depth }: MlpSettings, values: Tensors, items: tf.Tensor2D, drop: Dropout): tf.Tensor2D {
  let x = items;
  for (let layer = 0; layer < depth; layer++) {
    const name = `hidden${layer}`;
    const [scale, shift] = [values[`${name}.norm.scale`], values[`${name}.norm.shift`]];
    x = drop(name, gelu(layerNorm(linear(values, name, x), scale as tf.Tensor1D, shift as tf.Tensor1D)));
  }
  return tf.matMul(x, values['head']);
}
