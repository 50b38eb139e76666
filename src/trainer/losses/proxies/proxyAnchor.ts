import * as tf from '@tensorflow/tfjs-core';
import { cosineSimilarities } from '../distance';
import type { Loss, LossSizes } from '../loss';
import { isPositive, ratio } from '../reduce';
import { withoutGradient } from '../withoutGradient';
import { classified, proxiesOf, type ProxySettings } from './classLoss';

export interface ProxyAnchorSettings extends ProxySettings {
  readonly margin: number;
  /** alpha, by which similarities are multiplied. */
  readonly scale: number;
}

/**
 * Proxy-Anchor (Kim 2020): each proxy pulls the items of its class together and pushes all others,
 * sum_c log(1 + sum_{i in c} e^(-alpha (s - margin))) / (classes in the batch)
 * + sum_c log(1 + sum_{i not in c} e^(alpha (s + margin))) / (all classes).
 */
export function proxyAnchorLoss(settings: ProxyAnchorSettings, sizes: LossSizes): Loss {
  const { margin, proxyRate, scale } = settings;
  return {
    parameters: { proxies: proxiesOf(sizes, proxyRate) },
    memory: {},
    noise: {},
    evaluate: (input) => {
      const { embeddings, proxies, own, counted } = classified(input, sizes.classes);
      const s = cosineSimilarities({ anchors: embeddings, references: proxies });
      const positive: tf.Tensor2D = tf.mul(own, counted);
      const negative: tf.Tensor2D = tf.mul(tf.sub(1, own), counted);
      const pulls = logOnePlusSum(tf.mul(tf.sub(margin, s), scale), positive);
      const pushes = logOnePlusSum(tf.mul(tf.add(s, margin), scale), negative);
      const present = tf.sum(tf.max(positive, 0));
      return {
        loss: tf.add(ratio(tf.sum(pulls), present), tf.div(tf.sum(pushes), sizes.classes)),
        activeShare: tf.div(tf.sum(isPositive(tf.add(pulls, pushes))), sizes.classes),
      };
    },
  };
}

/** Per column, log(1 + sum of e^x over the entries of `mask`), [1, columns]; 0 where the mask is empty. */
function logOnePlusSum(x: tf.Tensor2D, mask: tf.Tensor2D): tf.Tensor2D {
  // Entries outside of the mask stand as 0, and so does the 1; all are at most the maximum.
  const kept: tf.Tensor2D = tf.mul(x, mask);
  const highest = withoutGradient(kept, (values) => tf.maximum(tf.max(values, 0, true), 0));
  const sum = tf.sum(tf.mul(tf.exp(tf.sub(kept, highest)), mask), 0, true);
  return tf.add(tf.log(tf.add(sum, tf.exp(tf.neg(highest)))), highest);
}
