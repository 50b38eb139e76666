import * as tf from '@tensorflow/tfjs-core';
import type { Tensors } from '../engine/engine';
import type { HeadKind } from '../types/training';
import { LAST_CHANNELS } from './featureSize';
import { applyHead, headVariables } from './head';
import type { Model } from './model';
import {
  convolutionalModel,
  type LayerVariables,
  type Normalisation,
  normalisedConvolution,
} from './normalisedConvolution';

const KERNEL = 3;
const COLOURS = 3;
const FIRST_CHANNELS = 32;
/** Each block: a 3x3 convolution of each channel by itself, then a mix of the channels. */
const BLOCKS = [
  { channels: 64, stride: 2 },
  { channels: 128, stride: 2 },
  { channels: 128, stride: 1 },
  { channels: 256, stride: 2 },
  { channels: LAST_CHANNELS.separable, stride: 1 },
] as const;

/**
 * A small network of depthwise-separable convolutions (MobileNet, Howard 2017): a 3x3 convolution of stride 2, five blocks of
 * depthwise and pointwise convolution with batch normalisation and ReLU, the mean over the picture, a head. About 160,000
 * parameters: an eighth of the residual network's.
 */
export function separable({
  embeddingSize,
  head = 'linear',
}: {
  readonly embeddingSize: number;
  /** Linear when absent. */
  readonly head?: HeadKind | undefined;
}): Model {
  const layers: LayerVariables[] = [
    normalisedConvolution('first', { kernel: KERNEL, from: COLOURS, to: FIRST_CHANNELS }),
  ];
  let from = FIRST_CHANNELS;
  BLOCKS.forEach(({ channels }, block) => {
    layers.push(
      normalisedConvolution(`block${block}.depthwise`, { kernel: KERNEL, from, to: from, depthwise: true }),
      normalisedConvolution(`block${block}.pointwise`, { kernel: 1, from, to: channels }),
    );
    from = channels;
  });
  return convolutionalModel(layers, headVariables(head, from, embeddingSize), (values, images, normalised) =>
    applyHead(head, values, features(values, images, normalised)),
  );
}

function features(values: Tensors, images: tf.Tensor4D, normalised: Normalisation): tf.Tensor2D {
  const filter = (name: string): tf.Tensor4D => values[`${name}.filter`] as tf.Tensor4D;
  let x: tf.Tensor4D = tf.sub(tf.mul(images, 2), 1);
  x = tf.relu(normalised('first', tf.conv2d(x, filter('first'), 2, 'same')));
  BLOCKS.forEach(({ stride }, block) => {
    const [deep, flat] = [`block${block}.depthwise`, `block${block}.pointwise`];
    x = tf.relu(normalised(deep, tf.depthwiseConv2d(x, filter(deep), stride, 'same')));
    x = tf.relu(normalised(flat, tf.conv2d(x, filter(flat), 1, 'same')));
  });
  return tf.mean<tf.Tensor2D>(x, [1, 2]);
}
