/** Convolutions without a bias, each with batch normalisation behind it: what the convolutional networks are made of. */
import type * as tf from '@tensorflow/tfjs-core';
import type { Tensors } from '../engine/engine';
import {
  averageStatistics,
  batchStatistics,
  type ChannelStatistics,
  normalise,
  normaliseBatch,
  type Valid,
} from './batchNorm';
import type { Model, Variable, Variables } from './model';
import { constant, weightBeforeRelu } from './variables';

export interface LayerVariables {
  readonly parameters: Variables;
  readonly statistics: Variables;
}

export interface FilterShape {
  /** Of both sides, or height and width. */
  readonly kernel: number | readonly [number, number];
  readonly from: number;
  readonly to: number;
  /** Each channel has a filter of its own; `to` is then `from`. */
  readonly depthwise?: boolean;
}

/** `name.filter`, and scale, shift, mean and variance of its normalisation. @param scale first value of the scale. */
export function normalisedConvolution(
  name: string,
  { kernel, from, to, depthwise = false }: FilterShape,
  scale = 1,
): LayerVariables {
  const [height, width] = typeof kernel === 'number' ? [kernel, kernel] : kernel;
  const inputs = height * width * (depthwise ? 1 : from);
  return {
    parameters: {
      [`${name}.filter`]: weightBeforeRelu([height, width, from, depthwise ? 1 : to], inputs),
      [`${name}.scale`]: constant(to, scale),
      [`${name}.shift`]: constant(to, 0),
    },
    statistics: { [`${name}.mean`]: constant(to, 0), [`${name}.variance`]: constant(to, 1) },
  };
}

/** Normalises the output of the convolution `name`. */
export type Normalisation = (name: string, x: tf.Tensor4D) => tf.Tensor4D;

/**
 * A model that normalises by the batch while training, and by the running statistics afterwards.
 * @param head variables of what comes before or after the convolutions.
 */
export function convolutionalModel<Input extends tf.Tensor = tf.Tensor4D>(
  layers: readonly LayerVariables[],
  head: Readonly<Record<string, Variable>>,
  forward: (values: Tensors, items: Input, normalised: Normalisation) => tf.Tensor2D,
): Model<Input> {
  return {
    parameters: Object.assign({}, ...layers.map(({ parameters }) => parameters), head) as Variables,
    statistics: Object.assign({}, ...layers.map(({ statistics }) => statistics)) as Variables,
    train: (values, running, images, _, valid) => {
      const updated: Record<string, tf.Tensor> = {};
      const embeddings = forward(values, images, byBatch(values, running, updated, valid));
      return { embeddings, statistics: updated };
    },
    infer: (values, running, images) =>
      forward(values, images, (name, x) => normalise(x, statisticsOf(running, name), ...affine(values, name))),
  };
}

/** Normalises by the batch and puts the new running statistics into `updated`. */
function byBatch(values: Tensors, running: Tensors, updated: Record<string, tf.Tensor>, valid: Valid): Normalisation {
  return (name, x) => {
    const batch = batchStatistics(x, valid);
    const { mean, variance } = averageStatistics(statisticsOf(running, name), batch);
    updated[`${name}.mean`] = mean;
    updated[`${name}.variance`] = variance;
    return normaliseBatch(x, batch, ...affine(values, name), valid);
  };
}

function affine(values: Tensors, name: string): [tf.Tensor1D, tf.Tensor1D] {
  return [values[`${name}.scale`] as tf.Tensor1D, values[`${name}.shift`] as tf.Tensor1D];
}

function statisticsOf(running: Tensors, name: string): ChannelStatistics {
  return { mean: running[`${name}.mean`] as tf.Tensor1D, variance: running[`${name}.variance`] as tf.Tensor1D };
}
