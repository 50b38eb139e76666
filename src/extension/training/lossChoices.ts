import type { LossSettings } from '../../trainer/protocol';
import type { Translate } from '../ui/l10n';
import { aboutClassLoss, CLASS_LOSSES, classLossName } from './classLossChoices';

export interface LossChoice {
  readonly name: string;
  readonly about: string;
  readonly loss: LossSettings;
}

/** The losses that a person may choose, the current one first and with its own parameters. */
export function lossChoices(current: LossSettings, t: Translate): LossChoice[] {
  const others = LOSSES.filter((loss) => variant(loss) !== variant(current));
  return [current, ...others].map((loss) => ({ loss, name: lossName(loss, t), about: about(loss, t) }));
}

export function lossName(loss: LossSettings, t: Translate): string {
  switch (loss.kind) {
    case 'contrastive':
      return t('Contrastive (siamese)');
    case 'nt-xent':
      return t('NT-Xent');
    case 'triplet':
      return t('Triplet, {0}', loss.miner);
    default:
      return classLossName(loss.kind, t);
  }
}

/** With the trainer's own defaults (a test compares them); kindred.json is the place for other parameters. */
export const LOSSES: readonly LossSettings[] = [
  { kind: 'nt-xent', temperature: 0.07 },
  { kind: 'triplet', margin: 0.05, miner: 'semi-hard' },
  { kind: 'triplet', margin: 0.05, miner: 'batch-hard' },
  { kind: 'contrastive', positiveMargin: 0, negativeMargin: 1 },
  ...CLASS_LOSSES,
];

function variant(loss: LossSettings): string {
  return loss.kind === 'triplet' ? `${loss.kind}/${loss.miner}` : loss.kind;
}

function about(loss: LossSettings, t: Translate): string {
  switch (loss.kind) {
    case 'contrastive':
      return t('Pulls images of one label together and pushes all others apart, pair by pair. Simple and steady.');
    case 'nt-xent':
      return t('Picks the right partner among all images of a batch. The best start for most datasets.');
    case 'triplet':
      return loss.miner === 'batch-hard'
        ? t('Compares the farthest of the same label with the nearest of another. Fast, but sensitive to wrong labels.')
        : t('Compares an image with one of its label and one of another, and learns from what is still too close.');
    default:
      return aboutClassLoss(loss.kind, t);
  }
}
