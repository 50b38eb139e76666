import type { LossSettings } from '../types/training';
import { contrastiveLoss } from './contrastive';
import type { Loss } from './loss';
import { ntXentLoss } from './ntXent';
import { tripletLoss } from './triplet';

/** The loss that the settings name, with their parameters. */
export function lossOf(settings: LossSettings): Loss {
  switch (settings.kind) {
    case 'contrastive':
      return contrastiveLoss(settings);
    case 'triplet':
      return tripletLoss(settings);
    case 'nt-xent':
      return ntXentLoss(settings);
  }
}
