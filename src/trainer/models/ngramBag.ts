import * as tf from '@tensorflow/tfjs-core';
import type { Tensors } from '../engine/engine';
import type { ModelSettings } from '../types/training';
import { layerNorm, layerNormVariables } from './layerNorm';
import { applyHead, headVariables } from './head';
import type { Model, Variable } from './model';

export interface NgramBagSettings extends Omit<Extract<ModelSettings, { kind: 'ngram-bag' }>, 'kind'> {
  readonly embeddingSize: number;
}

/** Of the first vectors of the n-grams: the weighted mean of many then has about this size too, and is normalised. */
const DEVIATION = 0.1;

/**
 * An embedding bag of hashed n-grams (fastText, Bojanowski 2017): the mean of a vector for each n-gram of a text, layer normalisation, a head. The
 * bag comes as the weights of all buckets, [N, buckets], mostly zeros: the product with the table is dense, which is faster than looking up and
 * adding up rows, has no limit of n-grams, and adds up its gradient in one order.
 */
export function ngramBag({ buckets, width, embeddingSize, head = 'linear' }: NgramBagSettings): Model<tf.Tensor> {
  const table: Variable = { shape: [buckets, width], initial: { kind: 'normal', deviation: DEVIATION }, decays: false };
  const forward = (values: Tensors, bags: tf.Tensor): tf.Tensor2D => {
    const means = tf.matMul<tf.Tensor2D>(bags, values['table']);
    const [scale, shift] = [values['norm.scale'] as tf.Tensor1D, values['norm.shift'] as tf.Tensor1D];
    return applyHead(head, values, layerNorm(means, scale, shift));
  };
  return {
    parameters: { table, ...layerNormVariables('norm', width), ...headVariables(head, width, embeddingSize) },
    statistics: {},
    train: (values, _, bags) => ({ embeddings: forward(values, bags), statistics: {} }),
    infer: (values, _, bags) => forward(values, bags),
  };
}
