import type { LossSettings } from '../types/training';
import { ofBatch, type PairLoss } from './comparison';
import { contrastiveLoss } from './contrastive';
import type { Loss, LossSizes } from './loss';
import { ntXentLoss } from './ntXent';
import { classLossOf } from './proxies/classLossOf';
import { tripletLoss } from './triplet';

type Maker = (sizes: LossSizes) => Loss;

/** The loss that the settings name, with their parameters, for a training of that size. */
export function lossOf(settings: LossSettings, sizes: LossSizes): Loss {
  return makerOf(settings)(sizes);
}

function makerOf(settings: LossSettings): Maker {
  switch (settings.kind) {
    case 'contrastive':
      return pairs(contrastiveLoss(settings));
    case 'triplet':
      return pairs(tripletLoss(settings));
    case 'nt-xent':
      return pairs(ntXentLoss(settings));
    default:
      return (sizes) => classLossOf(settings, sizes);
  }
}

/** Losses of pairs need to know no size. */
const pairs =
  (loss: PairLoss): Maker =>
  () =>
    ofBatch(loss);
