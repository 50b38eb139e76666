import * as tf from '@tensorflow/tfjs-core';
import { cosineSimilarities } from '../distance';
import type { Loss, LossSizes } from '../loss';
import { angularMarginLosses, type AngularMarginSettings } from './angularMargin';
import { classLoss, type ProxySettings } from './classLoss';

export interface SubCentreArcFaceSettings extends AngularMarginSettings, ProxySettings {
  /** Sub-centres of a class. */
  readonly centres: number;
}

/**
 * Sub-centre ArcFace (Deng 2020): a class has several centres, and an item is compared with the nearest of each class, so that wrong
 * labels gather at a centre of their own. Mean over the items.
 */
export function subCentreArcFaceLoss(settings: SubCentreArcFaceSettings, sizes: LossSizes): Loss {
  const { centres } = settings;
  return classLoss(sizes, settings, ({ embeddings, proxies, own }) => {
    const all = cosineSimilarities({ anchors: embeddings, references: proxies });
    const cosines: tf.Tensor2D = tf.max(tf.reshape(all, [all.shape[0], sizes.classes, centres]), 2);
    return angularMarginLosses(cosines, own, settings);
  });
}
