import * as tf from '@tensorflow/tfjs-core';
import type { Tensors } from '../engine/engine';
import type { ModelSettings } from '../types/training';
import { embeddingLookup } from './embeddingLookup';
import { TEXT_STAGES, TEXT_STRIDE } from './featureSize';
import { applyHead, headVariables } from './head';
import type { Model, Variable } from './model';
import { convolutionalModel, type Normalisation, normalisedConvolution } from './normalisedConvolution';

export interface TextConvnetSettings extends Omit<Extract<ModelSettings, { kind: 'text-convnet' }>, 'kind'> {
  readonly embeddingSize: number;
}

/** Bytes and, at 0, what fills a text up. */
export const BYTE_TOKENS = 257;
const BYTE_WIDTH = 16;
const KERNEL = 5;

/**
 * A small one-dimensional residual network on the bytes of a text: a vector for each byte; three stages of a convolution over five places with
 * stride 2 and one beside a shortcut, with batch normalisation and ReLU; the mean over the places that have text; a head. Takes `tokens`
 * [N, length] int32: bytes from 1, 0 behind the end.
 */
export function textConvnet({ length, width, embeddingSize, head = 'linear' }: TextConvnetSettings): Model<tf.Tensor> {
  const table: Variable = {
    shape: [BYTE_TOKENS, BYTE_WIDTH],
    initial: { kind: 'normal', deviation: 1 },
    decays: false,
  };
  const layers = Array.from({ length: TEXT_STAGES }, (_, stage) => [
    normalisedConvolution(`stage${stage}.down`, {
      kernel: [1, KERNEL],
      from: stage === 0 ? BYTE_WIDTH : width,
      to: width,
    }),
    normalisedConvolution(`stage${stage}.residual`, { kernel: [1, KERNEL], from: width, to: width }),
  ]).flat();
  return convolutionalModel<tf.Tensor>(
    layers,
    { table, ...headVariables(head, width, embeddingSize) },
    (values, tokens, normalised) =>
      applyHead(head, values, features(values, tokens as tf.Tensor2D, { length, width }, normalised)),
  );
}

function features(
  values: Tensors,
  tokens: tf.Tensor2D,
  { length, width }: { readonly length: number; readonly width: number },
  normalised: Normalisation,
): tf.Tensor2D {
  const [count] = tokens.shape;
  const present = tf.cast(tf.greater<tf.Tensor2D>(tokens, 0), 'float32');
  const rows = embeddingLookup(values['table'] as tf.Tensor2D, tokens);
  let x: tf.Tensor4D = tf.mul(
    tf.reshape(rows, [count, 1, length, BYTE_WIDTH]),
    tf.reshape(present, [count, 1, length, 1]),
  );
  const layer = (name: string, stride: number): tf.Tensor4D =>
    normalised(name, tf.conv2d(x, values[`${name}.filter`] as tf.Tensor4D, [1, stride], 'same'));
  for (let stage = 0; stage < TEXT_STAGES; stage++) {
    x = tf.relu(layer(`stage${stage}.down`, 2));
    x = tf.relu(tf.add(x, layer(`stage${stage}.residual`, 1)));
  }
  return meanOverText(tf.reshape(x, [count, length / TEXT_STRIDE, width]), present);
}

/** The mean of the places that stand for at least one byte; of a text without any, zeros. */
function meanOverText(x: tf.Tensor3D, present: tf.Tensor2D): tf.Tensor2D {
  const [count, places] = x.shape;
  const some = tf.max<tf.Tensor2D>(tf.reshape(present, [count, places, TEXT_STRIDE]), 2);
  const shares = tf.div<tf.Tensor2D>(some, tf.maximum(tf.sum(some, 1, true), 1));
  return tf.sum(tf.mul(x, tf.reshape(shares, [count, places, 1])), 1);
}
