import * as tf from '@tensorflow/tfjs-core';
import type { Tensors } from '../engine/engine';
import type { ModelSettings } from '../types/training';
import { attentionVariables, selfAttention, type SequenceShape } from './attention';
import { type Dropout, dropoutOf, noDropout } from './dropout';
import { gelu } from './gelu';
import { applyHead, headVariables } from './head';
import { layerNorm, layerNormVariables } from './layerNorm';
import { linear, linearVariables } from './linear';
import type { Model, Noise, Variable } from './model';
import { patchesOf } from './patches';

export interface VitSettings extends Omit<Extract<ModelSettings, { kind: 'vit' }>, 'kind'> {
  readonly embeddingSize: number;
  readonly imageSize: number;
}

const COLOURS = 3;
/** The hidden layer of each block is this much wider. */
const EXPANSION = 4;
/** Deviation of the first positions, as in the paper. */
const POSITION_DEVIATION = 0.02;

/**
 * A small vision transformer (Dosovitskiy 2021) with normalisation before each branch: patches as tokens with learned positions,
 * layers of self-attention and a two-layer network, the mean of the tokens, a head. Dropout takes a feature from all tokens of
 * a picture, so that a mask is a row a picture and costs little to make.
 */
export function vit(settings: VitSettings): Model {
  const { depth, dropout, width } = settings;
  const noise: Record<string, Noise> = {};
  for (let layer = 0; dropout > 0 && layer < depth; layer++) {
    for (const branch of ['attention', 'mlp'])
      noise[`layer${layer}.${branch}`] = { shape: [1, width], keep: 1 - dropout };
  }
  return {
    parameters: variablesOf(settings),
    statistics: {},
    noise,
    train: (values, _, images, masks) => ({
      embeddings: forward(settings, values, images, dropoutOf(masks)),
      statistics: {},
    }),
    infer: (values, _, images) => forward(settings, values, images, noDropout),
  };
}

function variablesOf({
  depth,
  width,
  patch,
  imageSize,
  embeddingSize,
  head = 'linear',
}: VitSettings): Record<string, Variable> {
  const tokens = (imageSize / patch) ** 2;
  const variables: Record<string, Variable> = {
    ...linearVariables('patches', patch * patch * COLOURS, width),
    positions: { shape: [tokens, width], initial: { kind: 'normal', deviation: POSITION_DEVIATION }, decays: false },
  };
  for (let layer = 0; layer < depth; layer++) {
    const name = `layer${layer}`;
    // Two branches a layer are added to the tokens: each begins with its share of their variance.
    const share = 2 * depth;
    Object.assign(
      variables,
      layerNormVariables(`${name}.attention.norm`, width),
      attentionVariables(`${name}.attention`, width, share),
      layerNormVariables(`${name}.mlp.norm`, width),
      linearVariables(`${name}.mlp.hidden`, width, EXPANSION * width),
      linearVariables(`${name}.mlp.output`, EXPANSION * width, width, share),
    );
  }
  return { ...variables, ...layerNormVariables('norm', width), ...headVariables(head, width, embeddingSize) };
}

function forward(settings: VitSettings, values: Tensors, images: tf.Tensor4D, drop: Dropout): tf.Tensor2D {
  const { depth, head = 'linear', heads, patch, width, imageSize } = settings;
  const shape: SequenceShape = { count: images.shape[0], tokens: (imageSize / patch) ** 2, heads };
  const scaled: tf.Tensor4D = tf.sub(tf.mul(images, 2), 1);
  const sequence = [shape.count, shape.tokens, width] as [number, number, number];
  let x: tf.Tensor3D = tf.add(
    tf.reshape(linear(values, 'patches', patchesOf(scaled, patch)), sequence),
    values['positions'],
  );
  for (let layer = 0; layer < depth; layer++) {
    for (const branch of [attentionBranch, mlpBranch]) {
      const { name, rows } = branch(values, `layer${layer}`, tokensOf(x), shape);
      x = tf.add(x, drop(name, tf.reshape(rows, sequence)));
    }
  }
  const normal = tf.reshape(normalised(values, 'norm', tokensOf(x)), sequence);
  return applyHead(head, values, tf.mean(normal, 1));
}

interface Branch {
  readonly name: string;
  readonly rows: tf.Tensor2D;
}

function attentionBranch(values: Tensors, layer: string, x: tf.Tensor2D, shape: SequenceShape): Branch {
  const name = `${layer}.attention`;
  return { name, rows: selfAttention(values, name, normalised(values, `${name}.norm`, x), shape) };
}

function mlpBranch(values: Tensors, layer: string, x: tf.Tensor2D): Branch {
  const name = `${layer}.mlp`;
  const hidden = gelu(linear(values, `${name}.hidden`, normalised(values, `${name}.norm`, x)));
  return { name, rows: linear(values, `${name}.output`, hidden) };
}

function normalised(values: Tensors, name: string, x: tf.Tensor2D): tf.Tensor2D {
  return layerNorm(x, values[`${name}.scale`] as tf.Tensor1D, values[`${name}.shift`] as tf.Tensor1D);
}

function tokensOf(x: tf.Tensor3D): tf.Tensor2D {
  return tf.reshape(x, [x.shape[0] * x.shape[1], x.shape[2]]);
}
