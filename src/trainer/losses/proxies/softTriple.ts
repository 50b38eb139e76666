import * as tf from '@tensorflow/tfjs-core';
import { cosineSimilarities } from '../distance';
import type { Loss, LossSizes } from '../loss';
import { withoutGradient } from '../withoutGradient';
import { classLoss, type ProxySettings } from './classLoss';
import { crossEntropy } from './crossEntropy';

export interface SoftTripleSettings extends ProxySettings {
  /** K, centres of a class. */
  readonly centres: number;
  /** lambda, by which similarities are multiplied. */
  readonly scale: number;
  /** gamma: lower looks harder at the nearest centre. */
  readonly gamma: number;
  /** delta, taken off the similarity to the own class. */
  readonly margin: number;
}

/**
 * SoftTriple (Qian 2019) without its regulariser: S_c = sum_k softmax_k(s_k / gamma) s_k over the centres of a class; cross-entropy of
 * lambda (S - delta onehot), mean over the items.
 */
export function softTripleLoss(settings: SoftTripleSettings, sizes: LossSizes): Loss {
  const { centres, gamma, margin, scale } = settings;
  return classLoss(sizes, settings, ({ embeddings, proxies, own }) => {
    const all = cosineSimilarities({ anchors: embeddings, references: proxies });
    const s = tf.reshape(all, [all.shape[0], sizes.classes, centres]);
    const highest = withoutGradient(s, (values) => tf.max(values, 2, true));
    const weights = tf.exp(tf.div(tf.sub(s, highest), gamma));
    const similarity: tf.Tensor2D = tf.div(tf.sum(tf.mul(weights, s), 2), tf.sum(weights, 2));
    return crossEntropy(tf.mul(tf.sub(similarity, tf.mul(own, margin)), scale), own);
  });
}
