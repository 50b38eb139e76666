import type { LossSettings } from '../types/training';
import { ofBatch, type PairLoss } from './comparison';
import { contrastiveLoss } from './contrastive';
import type { Loss, LossSizes } from './loss';
import { ntXentLoss } from './ntXent';
import { tripletLoss } from './triplet';

/** The loss that the settings name, with their parameters, for a training of that size. */
export function lossOf(settings: LossSettings, sizes: LossSizes): Loss {
  void sizes;
  return ofBatch(pairLossOf(settings));
}

function pairLossOf(settings: LossSettings): PairLoss {
  switch (settings.kind) {
    case 'contrastive':
      return contrastiveLoss(settings);
    case 'triplet':
      return tripletLoss(settings);
    case 'nt-xent':
      return ntXentLoss(settings);
  }
}
