import type { ClassLossSettings } from '../../types/classLosses';
import type { Loss, LossSizes } from '../loss';
import { arcFaceLoss } from './arcFace';
import { cosFaceLoss } from './cosFace';
import { normalisedSoftmaxLoss } from './normalisedSoftmax';
import { proxyAnchorLoss } from './proxyAnchor';
import { proxyNcaLoss } from './proxyNca';
import { softTripleLoss } from './softTriple';
import { subCentreArcFaceLoss } from './subCentreArcFace';

/** The loss of proxies that the settings name. */
export function classLossOf(settings: ClassLossSettings, sizes: LossSizes): Loss {
  switch (settings.kind) {
    case 'normalised-softmax':
      return normalisedSoftmaxLoss(settings, sizes);
    case 'proxy-nca':
      return proxyNcaLoss(settings, sizes);
    case 'proxy-anchor':
      return proxyAnchorLoss(settings, sizes);
    case 'arcface':
      return arcFaceLoss(settings, sizes);
    case 'sub-centre-arcface':
      return subCentreArcFaceLoss(settings, sizes);
    case 'cosface':
      return cosFaceLoss(settings, sizes);
    case 'soft-triple':
      return softTripleLoss(settings, sizes);
  }
}
