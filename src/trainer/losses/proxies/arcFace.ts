import { cosineSimilarities } from '../distance';
import type { Loss, LossSizes } from '../loss';
import { angularMarginLosses, type AngularMarginSettings } from './angularMargin';
import { classLoss, type ProxySettings } from './classLoss';

/** ArcFace (Deng 2019): one proxy a class, mean over the items. */
export function arcFaceLoss(settings: AngularMarginSettings & ProxySettings, sizes: LossSizes): Loss {
  return classLoss(sizes, settings, ({ embeddings, proxies, own }) =>
    angularMarginLosses(cosineSimilarities({ anchors: embeddings, references: proxies }), own, settings),
  );
}
