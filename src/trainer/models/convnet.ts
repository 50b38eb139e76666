import * as tf from '@tensorflow/tfjs-core';
import type { Tensors } from '../engine/engine';
import { averageStatistics, batchStatistics, normalise, normaliseBatch, type Valid } from './batchNorm';
import type { Model, Variable, Variables } from './model';

export interface ConvnetSettings {
  /** Length of an embedding. */
  readonly embeddingSize: number;
}

/** Each stage halves the picture; `residual` adds a second convolution around which the signal can pass. */
const STAGES = [
  { channels: 32, residual: false },
  { channels: 64, residual: true },
  { channels: 128, residual: true },
  { channels: 256, residual: true },
] as const;
const KERNEL = 3;
const COLOURS = 3;
const QUARTERS = 4;

/**
 * A small residual convolutional network for pictures of 32 to 128 pixels: per stage a 3x3 convolution of stride 2 and a
 * residual 3x3 convolution, each with batch normalisation and ReLU; the mean of each quarter of the picture; a linear head.
 * About 1.3 million parameters. The quarters keep a little of where things are: after 350 steps on the sample, Recall@1 of
 * unseen classes was 0.48 with them and 0.43 with one mean. The first stage has no residual: at half the picture's size it
 * would cost as much as all of the last.
 */
export function convnet({ embeddingSize }: ConvnetSettings): Model {
  const parameters: Record<string, Variable> = {};
  const statistics: Record<string, Variable> = {};
  const convolution = (name: string, from: number, to: number): void => {
    parameters[`${name}.filter`] = weights([KERNEL, KERNEL, from, to], KERNEL * KERNEL * from);
    parameters[`${name}.scale`] = constant(to, 1);
    parameters[`${name}.shift`] = constant(to, 0);
    statistics[`${name}.mean`] = constant(to, 0);
    statistics[`${name}.variance`] = constant(to, 1);
  };
  let from = COLOURS;
  STAGES.forEach(({ channels, residual }, stage) => {
    convolution(`stage${stage}.down`, from, channels);
    if (residual) convolution(`stage${stage}.residual`, channels, channels);
    from = channels;
  });
  parameters['head'] = weights([QUARTERS * from, embeddingSize], QUARTERS * from * 2);
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

/** Number of learned values. */
export function parameterCount(variables: Variables): number {
  return Object.values(variables).reduce((sum, { shape }) => sum + tf.util.sizeFromShape([...shape]), 0);
}

function weights(shape: readonly number[], inputs: number): Variable {
  return { shape, initial: { kind: 'he', inputs }, decays: true };
}

function constant(size: number, value: number): Variable {
  return { shape: [size], initial: { kind: 'constant', value }, decays: false };
}

/** A convolution with its normalisation, without the activation. */
type Layer = (name: string, x: tf.Tensor4D, stride: number) => tf.Tensor4D;

function forward(values: Tensors, images: tf.Tensor4D, layer: Layer): tf.Tensor2D {
  let x: tf.Tensor4D = tf.sub(tf.mul(images, 2), 1);
  STAGES.forEach(({ residual }, stage) => {
    x = tf.relu(layer(`stage${stage}.down`, x, 2));
    if (residual) x = tf.relu(tf.add(x, layer(`stage${stage}.residual`, x, 1)));
  });
  return tf.matMul(meansOfQuarters(x), values['head']);
}

/** The mean of each quarter of the picture, [N, 4 C]; quarters share the middle row and column of an odd side. */
function meansOfQuarters(x: tf.Tensor4D): tf.Tensor2D {
  const [count, height, width, channels] = x.shape;
  const [high, wide] = [Math.ceil(height / 2), Math.ceil(width / 2)];
  const corners = [0, height - high].flatMap((top) => [0, width - wide].map((left) => [0, top, left, 0]));
  const quarters = corners.map((corner) =>
    tf.mean<tf.Tensor2D>(
      tf.slice(x, corner as [number, number, number, number], [count, high, wide, channels]),
      [1, 2],
    ),
  );
  return tf.concat(quarters, 1);
}

function convolve(values: Tensors, name: string, x: tf.Tensor4D, stride: number): tf.Tensor4D {
  return tf.conv2d(x, values[`${name}.filter`] as tf.Tensor4D, stride, 'same');
}

/** Normalises by the batch and puts the new running statistics into `updated`. */
function trainingLayer(values: Tensors, running: Tensors, updated: Record<string, tf.Tensor>, valid: Valid): Layer {
  return (name, x, stride) => {
    const y = convolve(values, name, x, stride);
    const batch = batchStatistics(y, valid);
    const { mean, variance } = averageStatistics(statisticsOf(running, name), batch);
    updated[`${name}.mean`] = mean;
    updated[`${name}.variance`] = variance;
    const [scale, shift] = [values[`${name}.scale`], values[`${name}.shift`]];
    return normaliseBatch(y, batch, scale as tf.Tensor1D, shift as tf.Tensor1D, valid);
  };
}

function inferenceLayer(values: Tensors, running: Tensors): Layer {
  return (name, x, stride) =>
    normalise(
      convolve(values, name, x, stride),
      statisticsOf(running, name),
      values[`${name}.scale`] as tf.Tensor1D,
      values[`${name}.shift`] as tf.Tensor1D,
    );
}

function statisticsOf(running: Tensors, name: string): { mean: tf.Tensor1D; variance: tf.Tensor1D } {
  return { mean: running[`${name}.mean`] as tf.Tensor1D, variance: running[`${name}.variance`] as tf.Tensor1D };
}
