import * as tf from '@tensorflow/tfjs-core';
import type { Tensors } from '../engine/engine';
import type { HeadKind } from '../types/training';
import { gelu } from './gelu';
import { layerNorm, layerNormVariables } from './layerNorm';
import { linear, linearVariables } from './linear';
import type { Variable } from './model';
import { weight } from './variables';

const HIDDEN = 512;

/**
 * Variables of what turns the features of a network into embeddings: one matrix (`linear`); a hidden layer with layer normalisation
 * and GELU, then a matrix (`mlp`); nothing (`none`), and the features are the embedding.
 */
export function headVariables(head: HeadKind, inputs: number, embeddingSize: number): Record<string, Variable> {
  switch (head) {
    case 'linear':
      return { head: weight([inputs, embeddingSize], inputs) };
    case 'mlp':
      return {
        ...linearVariables('head.hidden', inputs, HIDDEN),
        ...layerNormVariables('head.norm', HIDDEN),
        head: weight([HIDDEN, embeddingSize], HIDDEN),
      };
    case 'none':
      return {};
  }
}

/** [N, embedding size] of features [N, inputs]. */
export function applyHead(head: HeadKind, values: Tensors, features: tf.Tensor2D): tf.Tensor2D {
  switch (head) {
    case 'linear':
      return tf.matMul(features, values['head']);
    case 'mlp': {
      const [scale, shift] = [values['head.norm.scale'] as tf.Tensor1D, values['head.norm.shift'] as tf.Tensor1D];
      return tf.matMul(gelu(layerNorm(linear(values, 'head.hidden', features), scale, shift)), values['head']);
    }
    case 'none':
      return features;
  }
}
