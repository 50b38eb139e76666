import * as tf from '@tensorflow/tfjs-core';
import { cosineSimilarities } from '../distance';
import type { Loss, LossSizes } from '../loss';
import { classLoss, type ProxySettings } from './classLoss';
import { crossEntropy } from './crossEntropy';

export interface CosFaceSettings extends ProxySettings {
  /** Taken off the cosine to the own class. */
  readonly margin: number;
  readonly scale: number;
}

/** CosFace (Wang 2018): cross-entropy of scale x cosine, with the margin taken off the own class's cosine, mean over the items. */
export function cosFaceLoss(settings: CosFaceSettings, sizes: LossSizes): Loss {
  const { margin, scale } = settings;
  return classLoss(sizes, settings, ({ embeddings, proxies, own }) => {
    const cosines = cosineSimilarities({ anchors: embeddings, references: proxies });
    return crossEntropy(tf.mul(tf.sub(cosines, tf.mul(own, margin)), scale), own);
  });
}
