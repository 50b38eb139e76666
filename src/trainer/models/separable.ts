import * as tf from '@tensorflow/tfjs-core';
import type { Tensors } from '../engine/engine';
import {
  averageStatistics,
  batchStatistics,
  type ChannelStatistics,
  normalise,
  normaliseBatch,
  type Valid,
} from './batchNorm';
import type { Model, Variable } from './model';
import { constant, weight, weightBeforeRelu } from './variables';

const KERNEL = 3;
const COLOURS = 3;
const FIRST_CHANNELS = 32;
/** Each block: a 3x3 convolution of each channel by itself, then a mix of the channels. */
const BLOCKS = [
  { channels: 64, stride: 2 },
  { channels: 128, stride: 2 },
  { channels: 128, stride: 1 },
  { channels: 256, stride: 2 },
  { channels: 256, stride: 1 },
] as const;

/**
 * A small network of depthwise-separable convolutions (MobileNet, Howard 2017): a 3x3 convolution of stride 2, five blocks of
 * depthwise and pointwise convolution with batch normalisation and ReLU, the mean over the picture, a linear head. About 160,000
 * parameters: an eighth of the residual network's.
 */
export function separable({ embeddingSize }: { readonly embeddingSize: number }): Model {
  const parameters: Record<string, Variable> = {};
  const statistics: Record<string, Variable> = {};
  const add = (name: string, shape: readonly number[], inputs: number, channels: number): void => {
    parameters[`${name}.filter`] = weightBeforeRelu(shape, inputs);
    parameters[`${name}.scale`] = constant(channels, 1);
    parameters[`${name}.shift`] = constant(channels, 0);
    statistics[`${name}.mean`] = constant(channels, 0);
    statistics[`${name}.variance`] = constant(channels, 1);
  };
  add('first', [KERNEL, KERNEL, COLOURS, FIRST_CHANNELS], KERNEL * KERNEL * COLOURS, FIRST_CHANNELS);
  let from = FIRST_CHANNELS;
  BLOCKS.forEach(({ channels }, block) => {
    add(`block${block}.depthwise`, [KERNEL, KERNEL, from, 1], KERNEL * KERNEL, from);
    add(`block${block}.pointwise`, [1, 1, from, channels], from, channels);
    from = channels;
  });
  parameters['head'] = weight([from, embeddingSize], from);
  return {
    parameters,
    statistics,
    train: (values, running, images, _, valid) => {
      const updated: Record<string, tf.Tensor> = {};
      const embeddings = forward(values, images, trainingLayer(values, running, updated, valid));
      return { embeddings, statistics: updated };
    },
    infer: (values, running, images) => forward(values, images, inferenceLayer(values, running)),
  };
}

/** Normalises the output of a convolution. */
type Layer = (name: string, x: tf.Tensor4D) => tf.Tensor4D;

function forward(values: Tensors, images: tf.Tensor4D, layer: Layer): tf.Tensor2D {
  const filter = (name: string): tf.Tensor4D => values[`${name}.filter`] as tf.Tensor4D;
  let x: tf.Tensor4D = tf.sub(tf.mul(images, 2), 1);
  x = tf.relu(layer('first', tf.conv2d(x, filter('first'), 2, 'same')));
  BLOCKS.forEach(({ stride }, block) => {
    const [deep, flat] = [`block${block}.depthwise`, `block${block}.pointwise`];
    x = tf.relu(layer(deep, tf.depthwiseConv2d(x, filter(deep), stride, 'same')));
    x = tf.relu(layer(flat, tf.conv2d(x, filter(flat), 1, 'same')));
  });
  return tf.matMul(tf.mean<tf.Tensor2D>(x, [1, 2]), values['head']);
}

/** Normalises by the batch and puts the new running statistics into `updated`. */
function trainingLayer(values: Tensors, running: Tensors, updated: Record<string, tf.Tensor>, valid: Valid): Layer {
  return (name, x) => {
    const batch = batchStatistics(x, valid);
    const { mean, variance } = averageStatistics(statisticsOf(running, name), batch);
    updated[`${name}.mean`] = mean;
    updated[`${name}.variance`] = variance;
    return normaliseBatch(x, batch, ...affine(values, name), valid);
  };
}

function inferenceLayer(values: Tensors, running: Tensors): Layer {
  return (name, x) => normalise(x, statisticsOf(running, name), ...affine(values, name));
}

function affine(values: Tensors, name: string): [tf.Tensor1D, tf.Tensor1D] {
  return [values[`${name}.scale`] as tf.Tensor1D, values[`${name}.shift`] as tf.Tensor1D];
}

function statisticsOf(running: Tensors, name: string): ChannelStatistics {
  return { mean: running[`${name}.mean`] as tf.Tensor1D, variance: running[`${name}.variance`] as tf.Tensor1D };
}
