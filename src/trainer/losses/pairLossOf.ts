import type { PairLossSettings } from '../types/pairLosses';
import { circleLoss } from './circle';
import { compareBatch, type PairLoss } from './comparison';
import { contrastiveLoss } from './contrastive';
import { fastApLoss } from './fastAp';
import { generalisedLiftedLoss } from './generalisedLifted';
import { liftedStructureLoss } from './liftedStructure';
import type { Loss, LossInput, LossSizes } from './loss';
import { marginLoss, marginParameters } from './margin';
import { distanceOf, similarityOf } from './measure';
import { compareWithMemory, memoryOf } from './memory';
import { minerOf } from './miners/minerOf';
import { multiSimilarityLoss } from './multiSimilarity';
import { ncaLoss } from './nca';
import { nPairLoss } from './nPair';
import { ntXentLoss } from './ntXent';
import { compositionOf } from './pairLossChoices';
import type { PairParts } from './pairValue';
import { quadrupletLoss } from './quadruplet';
import { reducerOf } from './reduce';
import { supConLoss } from './supCon';
import { tripletLoss } from './triplet';
import { tupletMarginLoss } from './tupletMargin';
import { vicRegLoss } from './vicReg';

/** The loss of pairs that the settings name, composed of their distance, miner, reducer and memory. */
export function pairLossOf(settings: PairLossSettings, sizes: LossSizes): Loss {
  if (settings.kind === 'vicreg') return vicRegLoss(settings);
  const { miner: choice, memory } = compositionOf(settings);
  const miner = minerOf(choice);
  const loss = formulaOf(settings);
  const evaluate = (
    compared: Parameters<typeof miner.mine>[0],
    { noise, parameters }: LossInput,
  ): ReturnType<PairLoss> => loss({ ...compared, mined: miner.mine(compared, noise) }, parameters);
  const learned = {
    parameters: settings.kind === 'margin' ? marginParameters(settings, sizes) : {},
    noise: miner.noise(memory?.size ?? sizes.batchSize),
  };
  if (!memory) return { ...learned, memory: {}, evaluate: (input) => evaluate(compareBatch(input), input) };
  return {
    ...learned,
    memory: memoryOf(memory.size, sizes),
    evaluate: (input) => {
      const { comparison, memory: kept } = compareWithMemory(input);
      return { ...evaluate(comparison, input), memory: kept };
    },
  };
}

type Compared = Exclude<PairLossSettings, { kind: 'vicreg' }>;

function formulaOf(settings: Compared): PairLoss {
  const { distance, reducer } = compositionOf(settings);
  const reduce = reducerOf(reducer);
  const apart: PairParts = { measure: distanceOf(distance), reduce };
  const alike: PairParts = { measure: similarityOf(distance), reduce };
  switch (settings.kind) {
    case 'contrastive':
      return contrastiveLoss(settings, apart);
    case 'triplet':
      return tripletLoss(settings, apart);
    case 'margin':
      return marginLoss(settings, apart);
    case 'quadruplet':
      return quadrupletLoss(settings, apart);
    case 'lifted-structure':
      return liftedStructureLoss(settings, apart);
    case 'generalised-lifted-structure':
      return generalisedLiftedLoss(settings, apart);
    case 'fast-ap':
      return fastApLoss(settings, apart);
    default:
      return similarityFormulaOf(settings, alike);
  }
}

type OfSimilarity = Extract<
  PairLossSettings,
  { kind: 'nt-xent' | 'sup-con' | 'multi-similarity' | 'circle' | 'n-pair' | 'tuplet-margin' | 'nca' }
>;

function similarityFormulaOf(settings: OfSimilarity, alike: PairParts): PairLoss {
  switch (settings.kind) {
    case 'nt-xent':
      return ntXentLoss(settings, alike);
    case 'sup-con':
      return supConLoss(settings, alike);
    case 'multi-similarity':
      return multiSimilarityLoss(settings, alike);
    case 'circle':
      return circleLoss(settings, alike);
    case 'n-pair':
      return nPairLoss(alike);
    case 'tuplet-margin':
      return tupletMarginLoss(settings, alike);
    case 'nca':
      return ncaLoss(settings, alike);
  }
}
