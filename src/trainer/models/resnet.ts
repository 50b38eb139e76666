import * as tf from '@tensorflow/tfjs-core';
import type { Tensors } from '../engine/engine';
import type { ConvnetSize } from '../types/training';
import type { ConvnetSettings } from './convnet';
import { LAST_CHANNELS } from './featureSize';
import { applyHead, headVariables } from './head';
import type { Model } from './model';
import {
  convolutionalModel,
  type LayerVariables,
  type Normalisation,
  normalisedConvolution,
} from './normalisedConvolution';
import { pooled, pooledSize } from './pooling';

export type ResnetSize = Exclude<ConvnetSize, 'small'>;

export interface ResnetSettings extends ConvnetSettings {
  readonly size: ResnetSize;
}

interface Stage {
  readonly channels: number;
  /** Of the first block. */
  readonly stride: 1 | 2;
}

/** The first convolution halves the picture, as each stage of stride 2 does. */
const SIZES: Readonly<Record<ResnetSize, { readonly first: number; readonly stages: readonly Stage[] }>> = {
  medium: {
    first: 32,
    stages: [
      { channels: 64, stride: 2 },
      { channels: 128, stride: 2 },
      { channels: LAST_CHANNELS.medium, stride: 2 },
    ],
  },
  large: {
    first: 64,
    stages: [
      { channels: 64, stride: 1 },
      { channels: 128, stride: 2 },
      { channels: 256, stride: 2 },
      { channels: LAST_CHANNELS.large, stride: 2 },
    ],
  },
};
const BLOCKS = 2;
const KERNEL = 3;
const COLOURS = 3;

interface Block {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly stride: 1 | 2;
  /** The shortcut is a 1x1 convolution, because the shape changes. */
  readonly projects: boolean;
}

/**
 * A residual network of basic blocks (He 2016): two 3x3 convolutions with batch normalisation beside a shortcut, which is a 1x1
 * convolution where the shape changes. The last scale of a block begins with 0, so that each block begins as its shortcut (Goyal 2017).
 * `large` is ResNet-18 with a first convolution for small pictures (3x3 of stride 2, no pooling behind it), about 11 million parameters;
 * `medium` has three such stages, a quarter of the parameters and a fifth of the arithmetic.
 */
export function resnet({ size, embeddingSize, head = 'linear' }: ResnetSettings): Model {
  const { first } = SIZES[size];
  const blocks = blocksOf(size);
  const layers = [
    normalisedConvolution('first', { kernel: KERNEL, from: COLOURS, to: first }),
    ...blocks.flatMap(blockVariables),
  ];
  const forward = (values: Tensors, images: tf.Tensor4D, normalised: Normalisation): tf.Tensor2D => {
    const layer = (name: string, x: tf.Tensor4D, stride: number): tf.Tensor4D =>
      normalised(name, tf.conv2d(x, values[`${name}.filter`] as tf.Tensor4D, stride, 'same'));
    let x: tf.Tensor4D = tf.relu(layer('first', tf.sub(tf.mul(images, 2), 1), 2));
    for (const { name, stride, projects } of blocks) {
      const shortcut = projects ? layer(`${name}.shortcut`, x, stride) : x;
      const hidden = tf.relu(layer(`${name}.first`, x, stride));
      x = tf.relu(tf.add(shortcut, layer(`${name}.second`, hidden, 1)));
    }
    return applyHead(head, values, pooled(x, head));
  };
  return convolutionalModel(layers, headVariables(head, pooledSize(LAST_CHANNELS[size], head), embeddingSize), forward);
}

function blocksOf(size: ResnetSize): Block[] {
  const { first, stages } = SIZES[size];
  let from = first;
  return stages.flatMap(({ channels, stride: firstStride }, stage) =>
    Array.from({ length: BLOCKS }, (_, block): Block => {
      const stride = block === 0 ? firstStride : 1;
      const made = {
        ...{ name: `stage${stage}.block${block}`, from, to: channels, stride },
        projects: stride !== 1 || from !== channels,
      };
      from = channels;
      return made;
    }),
  );
}

function blockVariables({ name, from, to, projects }: Block): LayerVariables[] {
  return [
    normalisedConvolution(`${name}.first`, { kernel: KERNEL, from, to }),
    normalisedConvolution(`${name}.second`, { kernel: KERNEL, from: to, to }, 0),
    ...(projects ? [normalisedConvolution(`${name}.shortcut`, { kernel: 1, from, to })] : []),
  ];
}
