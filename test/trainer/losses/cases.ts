/** Losses of pairs in all their compositions, for the tests. */
import { DEFAULT_PAIR_LOSSES } from '../../../src/trainer/losses/pairLossChoices';
import { MINERS, type PairLossSettings } from '../../../src/trainer/types/pairLosses';

const { triplet, contrastive, margin, quadruplet } = DEFAULT_PAIR_LOSSES;
const lifted = DEFAULT_PAIR_LOSSES['lifted-structure'];
const generalised = DEFAULT_PAIR_LOSSES['generalised-lifted-structure'];
const ntXent = DEFAULT_PAIR_LOSSES['nt-xent'];
const supCon = DEFAULT_PAIR_LOSSES['sup-con'];
const similarity = DEFAULT_PAIR_LOSSES['multi-similarity'];
const tuplet = DEFAULT_PAIR_LOSSES['tuplet-margin'];

/** Each by itself, with its defaults and with others. */
export const FORMULAS: [string, PairLossSettings][] = [
  ...Object.values(DEFAULT_PAIR_LOSSES).map((loss): [string, PairLossSettings] => [loss.kind, loss]),
  ['contrastive with margins', { ...contrastive, positiveMargin: 0.4, negativeMargin: 1.3 }],
  ['triplet all', { ...triplet, miner: 'all' }],
  ['triplet all, wide', { ...triplet, margin: 0.5, miner: 'all' }],
  ['triplet semi-hard, wide', { ...triplet, margin: 0.3, miner: 'semi-hard' }],
  ['triplet hard', { ...triplet, miner: 'hard' }],
  ['triplet batch-hard', { ...triplet, margin: 0.2, miner: 'batch-hard' }],
  ['triplet soft', { ...triplet, soft: true, miner: 'none' }],
  ['triplet soft, batch-hard', { ...triplet, soft: true, miner: 'batch-hard' }],
  ['triplet swapped', { ...triplet, margin: 0.4, swap: true, miner: 'none' }],
  ['triplet soft, swapped', { ...triplet, soft: true, swap: true, miner: 'semi-hard' }],
  ['triplet swapped, batch-hard', { ...triplet, margin: 0.4, swap: true, miner: 'batch-hard' }],
  ['margin, fixed', { ...margin, beta: 0.9, boundary: 'fixed' }],
  ['margin by class', { ...margin, boundary: 'by-class', nu: 0.3 }],
  ['margin, learned at a cost', { ...margin, nu: 0.2 }],
  ['quadruplet of all', { ...quadruplet, miner: 'none', secondMargin: 0.4 }],
  ['quadruplet, wide', { ...quadruplet, margin: 0.5, secondMargin: 0.7 }],
  ['lifted-structure with margins', { ...lifted, positiveMargin: 0.3, negativeMargin: 1.5 }],
  ['generalised-lifted-structure with margins', { ...generalised, positiveMargin: 0.3, negativeMargin: 0.4 }],
  ['nt-xent, warm', { ...ntXent, temperature: 0.5 }],
  ['multi-similarity, gentle', { ...similarity, alpha: 1, beta: 5, base: 0.1 }],
  ['circle, gentle', { kind: 'circle', margin: 0.2, scale: 4 }],
  ['tuplet-margin, gentle', { ...tuplet, margin: 20, scale: 3 }],
  ['fast-ap, 4 bins', { kind: 'fast-ap', bins: 4 }],
  ['nca, sharp', { kind: 'nca', scale: 4 }],
  ['vicreg, equal', { kind: 'vicreg', invariance: 1, variance: 1, covariance: 1 }],
];

/** Distances, reducers and miners, with losses of each form: pairs, triplets, rows. */
export const COMPOSITIONS: [string, PairLossSettings][] = [
  ['contrastive of SNR', { ...contrastive, distance: 'snr' }],
  ['contrastive of cosines', { ...contrastive, distance: 'cosine' }],
  ['contrastive of squares', { ...contrastive, distance: 'squared-euclidean' }],
  ['contrastive, mean', { ...contrastive, reducer: 'mean' }],
  ['triplet of products', { ...triplet, margin: 0.4, distance: 'dot', miner: 'none', reducer: 'mean' }],
  ['triplet of cosines, sum', { ...triplet, margin: 0.3, distance: 'cosine', miner: 'none', reducer: 'sum' }],
  ['margin of squares, mean', { ...margin, distance: 'squared-euclidean', reducer: 'mean' }],
  ['nt-xent of products', { ...ntXent, temperature: 2, distance: 'dot' }],
  ['nt-xent of distances, non-zero', { ...ntXent, distance: 'euclidean', reducer: 'average-non-zero' }],
  ['sup-con of distances, mean', { ...supCon, distance: 'squared-euclidean', reducer: 'mean' }],
  ['n-pair of products, sum', { kind: 'n-pair', distance: 'dot', reducer: 'sum' }],
  ['nca of cosines', { kind: 'nca', scale: 2, distance: 'cosine' }],
  ['lifted-structure of SNR', { ...lifted, distance: 'snr' }],
  ...[contrastive, triplet, margin, lifted, ntXent, tuplet, similarity, DEFAULT_PAIR_LOSSES.nca].flatMap((loss) =>
    MINERS.filter((miner) => miner !== 'none').map((miner): [string, PairLossSettings] => [
      `${loss.kind}, ${miner}`,
      { ...loss, miner },
    ]),
  ),
  ['triplet, easy of their own margin', { ...triplet, margin: 0.5, miner: { kind: 'easy', margin: 0.05 } }],
  [
    'contrastive, wider pairs',
    { ...contrastive, miner: { kind: 'pair-margin', positiveMargin: 0.6, negativeMargin: 1.2 } },
  ],
  ['sup-con, wider similarity', { ...supCon, miner: { kind: 'multi-similarity', epsilon: 0.4 } }],
  [
    'triplet, drawn from afar',
    { ...triplet, margin: 1, miner: { kind: 'distance-weighted', nearest: 0.9, farthest: 1.9 } },
  ],
];
