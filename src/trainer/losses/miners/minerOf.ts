import type { Miner as MinerChoice, MinerKind, MinerSettings } from '../../types/pairLosses';
import { batchHardMiner } from './batchHard';
import { distanceWeightedMiner } from './distanceWeighted';
import { type Miner, minedPairs, miner } from './miner';
import { multiSimilarityMiner } from './multiSimilarity';
import { pairMarginMiner } from './pairMargin';
import { tripletMarginMiner } from './tripletMargin';

type Defaults = { readonly [K in MinerKind]: Extract<MinerSettings, { kind: K }> | (MinerSettings & { kind: K }) };

/** Numbers of each miner when nothing else is said. */
export const DEFAULT_MINERS: Defaults = {
  none: { kind: 'none' },
  all: { kind: 'all', margin: 0.2 },
  'semi-hard': { kind: 'semi-hard', margin: 0.2 },
  hard: { kind: 'hard', margin: 0.2 },
  easy: { kind: 'easy', margin: 0.2 },
  'batch-hard': { kind: 'batch-hard' },
  'distance-weighted': { kind: 'distance-weighted', nearest: 0.5, farthest: 1.4 },
  'multi-similarity': { kind: 'multi-similarity', epsilon: 0.1 },
  'pair-margin': { kind: 'pair-margin', positiveMargin: 0.2, negativeMargin: 0.8 },
};

/** The miner that the settings name. */
export function minerOf(choice: MinerChoice): Miner {
  const settings = typeof choice === 'string' ? DEFAULT_MINERS[choice] : choice;
  switch (settings.kind) {
    case 'none':
      return miner((compared) => minedPairs(compared));
    case 'batch-hard':
      return batchHardMiner();
    case 'distance-weighted':
      return distanceWeightedMiner(settings);
    case 'multi-similarity':
      return multiSimilarityMiner(settings.epsilon);
    case 'pair-margin':
      return pairMarginMiner(settings.positiveMargin, settings.negativeMargin);
    default:
      return tripletMarginMiner(settings.kind, settings.margin);
  }
}
