import type { PairLossKind, PairLossSettings } from '../../trainer/protocol';
import type { Translate } from '../ui/l10n';

/** With the trainer's own defaults (a test compares them). */
export const PAIR_LOSSES: readonly PairLossSettings[] = [
  { kind: 'nt-xent', temperature: 0.07 },
  { kind: 'sup-con', temperature: 0.1 },
  { kind: 'multi-similarity', alpha: 2, beta: 50, base: 0.5 },
  { kind: 'triplet', margin: 0.05, miner: 'semi-hard' },
  { kind: 'triplet', margin: 0.05, miner: 'batch-hard' },
  { kind: 'contrastive', positiveMargin: 0, negativeMargin: 1 },
  { kind: 'circle', margin: 0.4, scale: 80 },
  { kind: 'margin', margin: 0.2, beta: 1.2, boundary: 'learned', nu: 0 },
  { kind: 'quadruplet', margin: 0.2, secondMargin: 0.1, miner: 'batch-hard' },
  { kind: 'n-pair' },
  { kind: 'lifted-structure', positiveMargin: 0, negativeMargin: 1 },
  { kind: 'generalised-lifted-structure', positiveMargin: 0, negativeMargin: 1 },
  { kind: 'tuplet-margin', margin: 5.73, scale: 64 },
  { kind: 'fast-ap', bins: 10 },
  { kind: 'nca', scale: 1 },
  { kind: 'vicreg', invariance: 25, variance: 25, covariance: 1 },
];

/** The name of the miner, when one was chosen by name or with numbers. */
export function minerName(loss: PairLossSettings): string | undefined {
  if (loss.kind === 'vicreg' || loss.miner === undefined) return undefined;
  return typeof loss.miner === 'string' ? loss.miner : loss.miner.kind;
}

export function pairLossName(loss: PairLossSettings, t: Translate): string {
  const miner = minerName(loss);
  const name = nameOf(loss.kind, t);
  return miner === undefined || miner === 'none' ? name : `${name}, ${miner}`;
}

function nameOf(kind: PairLossKind, t: Translate): string {
  const names: Record<PairLossKind, string> = {
    contrastive: t('Contrastive (siamese)'),
    triplet: t('Triplet'),
    'nt-xent': t('NT-Xent'),
    'sup-con': t('Supervised contrastive'),
    'multi-similarity': t('Multi-similarity'),
    circle: t('Circle'),
    margin: t('Margin'),
    quadruplet: t('Quadruplet'),
    'n-pair': t('N-pair'),
    'lifted-structure': t('Lifted structure'),
    'generalised-lifted-structure': t('Generalised lifted structure'),
    'tuplet-margin': t('Tuplet margin'),
    'fast-ap': t('FastAP'),
    nca: t('NCA (soft nearest neighbours)'),
    vicreg: t('VICReg'),
  };
  return names[kind];
}

export function aboutPairLoss(loss: PairLossSettings, t: Translate): string {
  if (loss.kind === 'triplet' && minerName(loss) === 'batch-hard') {
    return t(
      'Compares the farthest of the same label with the nearest of another. Fast, but sensitive to wrong labels.',
    );
  }
  return aboutKind(loss.kind, t);
}

function aboutKind(kind: PairLossKind, t: Translate): string {
  const texts: Record<PairLossKind, string> = {
    contrastive: t('Pulls items of one label together and pushes all others apart, pair by pair. Simple and steady.'),
    triplet: t('Compares an item with one of its label and one of another, and learns from what is still too close.'),
    'nt-xent': t('Picks the right partner among all items of a batch. The best start for most datasets.'),
    'sup-con': t('Like NT-Xent, with all items of the same label at once. Good with four or more items of a label.'),
    'multi-similarity': t(
      'Learns most from the hardest pairs on both sides, softly. Among the best with right labels.',
    ),
    circle: t('Learns from each pair by how far it is from where it should be.'),
    margin: t('Learns where the border between near and far lies, and keeps pairs on the right side of it.'),
    quadruplet: t('Triplets that also keep other labels apart from each other.'),
    'n-pair': t('One pair of each label: an item picks its partner among those of all labels.'),
    'lifted-structure': t('Compares each pair of one label with everything that is too near to either.'),
    'generalised-lifted-structure': t('Pulls the farthest of the same label and pushes the nearest of others, softly.'),
    'tuplet-margin': t('Each partner against all others at once, with some degrees of slack.'),
    'fast-ap': t('Improves the order of the whole list of neighbours, which is what search measures.'),
    nca: t('Makes the nearest neighbours have the same label, softly. Good for small datasets.'),
    vicreg: t('Two views of an item become alike while all numbers stay in use. Needs no labels and no negatives.'),
  };
  return texts[kind];
}
