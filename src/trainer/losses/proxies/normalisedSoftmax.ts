import * as tf from '@tensorflow/tfjs-core';
import { cosineSimilarities } from '../distance';
import type { Loss, LossSizes } from '../loss';
import { classLoss, type ProxySettings } from './classLoss';
import { crossEntropy } from './crossEntropy';

export interface NormalisedSoftmaxSettings extends ProxySettings {
  readonly temperature: number;
}

/** Cross-entropy of the cosines to the proxies divided by the temperature (Wang 2017, Zhai and Wu 2019), mean over the items. */
export function normalisedSoftmaxLoss(settings: NormalisedSoftmaxSettings, sizes: LossSizes): Loss {
  return classLoss(sizes, settings, ({ embeddings, proxies, own }) =>
    crossEntropy(tf.div(cosineSimilarities({ anchors: embeddings, references: proxies }), settings.temperature), own),
  );
}
