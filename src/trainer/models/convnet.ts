import * as tf from '@tensorflow/tfjs-core';
import type { Tensors } from '../engine/engine';
import type { HeadKind } from '../types/training';
import { LAST_CHANNELS } from './featureSize';
import { applyHead, headVariables } from './head';
import type { Model, Variables } from './model';
import {
  convolutionalModel,
  type LayerVariables,
  type Normalisation,
  normalisedConvolution,
} from './normalisedConvolution';
import { pooled, pooledSize } from './pooling';

export interface ConvnetSettings {
  /** Length of an embedding. */
  readonly embeddingSize: number;
  /** Linear when absent. */
  readonly head?: HeadKind | undefined;
}

/** Each stage halves the picture; `residual` adds a second convolution around which the signal can pass. */
const STAGES = [
  { channels: 32, residual: false },
  { channels: 64, residual: true },
  { channels: 128, residual: true },
  { channels: LAST_CHANNELS.small, residual: true },
] as const;
const KERNEL = 3;
const COLOURS = 3;

/**
 * The small residual convolutional network, for pictures of 32 to 128 pixels: per stage a 3x3 convolution of stride 2 and a
 * residual 3x3 convolution, each with batch normalisation and ReLU; the mean of each quarter of the picture; a head.
 * About 1.3 million parameters. The first stage has no residual: at half the picture's size it
 * would cost as much as all of the last.
 */
export function convnet({ embeddingSize, head = 'linear' }: ConvnetSettings): Model {
  const layers: LayerVariables[] = [];
  let from = COLOURS;
  STAGES.forEach(({ channels, residual }, stage) => {
    layers.push(normalisedConvolution(`stage${stage}.down`, { kernel: KERNEL, from, to: channels }));
    from = channels;
    if (residual) layers.push(normalisedConvolution(`stage${stage}.residual`, { kernel: KERNEL, from, to: from }));
  });
  return convolutionalModel(
    layers,
    headVariables(head, pooledSize(from, head), embeddingSize),
    (values, images, normalised) => applyHead(head, values, pooled(featureMaps(values, images, normalised), head)),
  );
}

/** Number of learned values. */
export function parameterCount(variables: Variables): number {
  return Object.values(variables).reduce((sum, { shape }) => sum + tf.util.sizeFromShape([...shape]), 0);
}

function featureMaps(values: Tensors, images: tf.Tensor4D, normalised: Normalisation): tf.Tensor4D {
  const layer = (name: string, x: tf.Tensor4D, stride: number): tf.Tensor4D =>
    normalised(name, tf.conv2d(x, values[`${name}.filter`] as tf.Tensor4D, stride, 'same'));
  let x: tf.Tensor4D = tf.sub(tf.mul(images, 2), 1);
  STAGES.forEach(({ residual }, stage) => {
    x = tf.relu(layer(`stage${stage}.down`, x, 2));
    if (residual) x = tf.relu(tf.add(x, layer(`stage${stage}.residual`, x, 1)));
  });
  return x;
}
