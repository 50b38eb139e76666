import * as tf from '@tensorflow/tfjs-core';
import { cosineSimilarities } from '../distance';
import type { Loss, LossSizes } from '../loss';
import { classLoss, type ProxySettings } from './classLoss';
import { crossEntropy } from './crossEntropy';

export interface ProxyNcaSettings extends ProxySettings {
  readonly scale: number;
}

/**
 * Proxy-NCA (Movshovitz-Attias 2017) with the own proxy in the denominator: -log softmax over -scale d^2 to the proxies, mean over the
 * items. Of unit vectors d^2 is 2 - 2 s, and a constant does not change a softmax, so only the cosines s enter.
 */
export function proxyNcaLoss(settings: ProxyNcaSettings, sizes: LossSizes): Loss {
  return classLoss(sizes, settings, ({ embeddings, proxies, own }) =>
    crossEntropy(tf.mul(cosineSimilarities({ anchors: embeddings, references: proxies }), 2 * settings.scale), own),
  );
}
