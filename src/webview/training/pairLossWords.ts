import type { LossSettings, PairLossKind, PairLossSettings } from '../../trainer/protocol';

export const PAIR_LOSS_NAMES: Readonly<Record<PairLossKind, string>> = {
  contrastive: 'Contrastive (siamese)',
  triplet: 'Triplet',
  'nt-xent': 'NT-Xent',
  'sup-con': 'Supervised contrastive',
  'multi-similarity': 'Multi-similarity',
  circle: 'Circle',
  margin: 'Margin',
  quadruplet: 'Quadruplet',
  'n-pair': 'N-pair',
  'lifted-structure': 'Lifted structure',
  'generalised-lifted-structure': 'Generalised lifted structure',
  'tuplet-margin': 'Tuplet margin',
  'fast-ap': 'FastAP',
  nca: 'NCA (soft nearest neighbours)',
  vicreg: 'VICReg',
};

export function isPairLoss(loss: LossSettings): loss is PairLossSettings {
  return Object.hasOwn(PAIR_LOSS_NAMES, loss.kind);
}

/** Names of numbers that are not words by themselves. */
const PARAMETERS: Readonly<Record<string, string>> = {
  positiveMargin: 'margin of positives',
  negativeMargin: 'margin of negatives',
  secondMargin: 'second margin',
};

const MINERS: Readonly<Record<string, string>> = {
  none: 'all pairs',
  all: 'all triplets that violate the margin',
  'semi-hard': 'semi-hard triplets',
  hard: 'hard triplets',
  easy: 'easy triplets',
  'batch-hard': 'the hardest triplet of each item',
  'distance-weighted': 'negatives drawn by distance',
  'multi-similarity': 'pairs that are hard for their item',
  'pair-margin': 'pairs beyond a margin',
};

/** The loss with its parameters: "Triplet, margin 0.05, semi-hard triplets". */
export function pairLossWords({ kind, ...parameters }: PairLossSettings): string {
  return [PAIR_LOSS_NAMES[kind], ...Object.entries(parameters).flatMap(([name, value]) => words(name, value))].join(
    ', ',
  );
}

function words(name: string, value: unknown): string[] {
  if (name === 'miner') return [minerWords(value as string | { readonly kind: string })];
  if (name === 'memory') return [`memory of ${(value as { readonly size: number }).size}`];
  if (typeof value === 'boolean') return value ? [name] : [];
  return [`${PARAMETERS[name] ?? name} ${String(value)}`];
}

function minerWords(miner: string | { readonly kind: string }): string {
  if (typeof miner === 'string') return MINERS[miner];
  const { kind, ...numbers } = miner;
  const said = Object.entries(numbers).map(([name, value]) => `${PARAMETERS[name] ?? name} ${String(value)}`);
  return said.length === 0 ? MINERS[kind] : `${MINERS[kind]} (${said.join(', ')})`;
}

const PARTNER = 'Each item must find its twin among all items of the batch; a low temperature looks at the hardest.';

export const PAIR_LOSS_HELP: Readonly<Record<PairLossKind, string>> = {
  contrastive: 'Pulls pairs of one class together and pushes pairs of different classes apart.',
  triplet: 'Each item must be nearer to one of its class than to one of another class, by the margin.',
  'nt-xent': PARTNER,
  'sup-con':
    'Each item must find all of its class among the items of the batch; a low temperature looks at the hardest.',
  'multi-similarity': 'The least similar of a class and the most similar of other classes count most.',
  circle: 'Each pair counts by how far it is from where it should be.',
  margin: 'Pairs of one class must be nearer than a border, which is learned, and pairs of two classes farther.',
  quadruplet: 'Pairs of one class must be nearer than any of other classes, also than those to each other.',
  'n-pair': 'One pair of each class: an item must find its twin among those of all classes.',
  'lifted-structure': 'Each pair of a class must be nearer than everything else that is near to either.',
  'generalised-lifted-structure': 'The farthest of a class must be nearer than the nearest of others.',
  'tuplet-margin': 'Each twin must be more similar than all others at once, with some degrees of slack.',
  'fast-ap': 'Items of the class must come first in the list of neighbours.',
  nca: 'The nearest neighbours of an item must be of its class.',
  vicreg: 'Two views of an item must be alike, and each number of an embedding must vary and say something of its own.',
};
