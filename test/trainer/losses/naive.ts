/** The losses of pairs as plain loops in float64, written from their definitions: the oracle. */
import type { Distance, PairLossSettings, Reducer } from '../../../src/trainer/types/pairLosses';
import { type NaiveComparison, ofBatch } from './naive/comparison';
import { Formulas, type NaiveLosses } from './naive/formulas';
import { mine, type NaiveMined, type Uniform } from './naive/miners';
import { mean, type Rows, sum } from './naive/vectors';
import { naiveVicReg } from './naive/vicReg';

export type { PairLossSettings } from '../../../src/trainer/types/pairLosses';
export type { Rows } from './naive/vectors';

export interface NaiveValue {
  readonly loss: number;
  readonly activeShare: number;
}

/** What a loss is given beside the batch. */
export interface NaiveExtra {
  readonly uniform?: Uniform;
  readonly beta?: readonly number[];
  /** Where the batch is compared with others: a memory. */
  readonly compared?: NaiveComparison;
  /** The batch at which what has no gradient (choices of miners, weights of pairs) is taken; the same one when not given. */
  readonly fixed?: Rows;
}

const USUAL_DISTANCE: Readonly<Record<string, Distance | undefined>> = {
  nca: 'squared-euclidean',
  'fast-ap': 'squared-euclidean',
  'nt-xent': 'cosine',
  'sup-con': 'cosine',
  'multi-similarity': 'cosine',
  circle: 'cosine',
  'n-pair': 'cosine',
  'tuplet-margin': 'cosine',
};

const USUALLY_NON_ZERO = ['contrastive', 'triplet', 'quadruplet', 'margin', 'sup-con', 'circle'];

export function naiveLoss(
  settings: PairLossSettings,
  rows: Rows,
  labels: readonly number[],
  extra: NaiveExtra = {},
): NaiveValue {
  if (settings.kind === 'vicreg') return naiveVicReg(rows, labels, settings);
  const compared = extra.compared ?? ofBatch(rows, labels);
  const chosen = extra.fixed ? { ...compared, anchors: extra.fixed, references: extra.fixed } : compared;
  const atLeast = settings.kind === 'triplet' ? settings.margin : 0;
  const mined = mine(chosen, settings.miner ?? 'none', extra.uniform, atLeast);
  const found = lossesOf(settings, compared, mined, extra, chosen);
  const reducer = settings.reducer ?? (USUALLY_NON_ZERO.includes(settings.kind) ? 'average-non-zero' : 'mean');
  const perTriplet = settings.kind === 'margin' ? 2 : 1;
  const counted = found.counted ?? found.groups.flat();
  return {
    loss: sum(found.groups.map((group) => reduce(reducer, group, perTriplet))) + (found.extra ?? 0),
    activeShare: found.possible === 0 ? 0 : counted.filter((x) => x > 0).length / found.possible,
  };
}

function reduce(reducer: Reducer, losses: readonly number[], each: number): number {
  if (reducer === 'sum') return sum(losses);
  return reducer === 'mean' ? mean(losses) * each : mean(losses.filter((x) => x > 0));
}

function lossesOf(
  settings: Exclude<PairLossSettings, { kind: 'vicreg' }>,
  compared: NaiveComparison,
  mined: NaiveMined,
  { beta = [1.2] }: NaiveExtra,
  chosen: NaiveComparison,
): NaiveLosses {
  const distance = settings.distance ?? USUAL_DISTANCE[settings.kind] ?? 'euclidean';
  const formulas = new Formulas(compared, mined, distance);
  switch (settings.kind) {
    case 'contrastive':
      return formulas.contrastive(settings);
    case 'triplet':
      return formulas.triplet(settings);
    case 'margin':
      return formulas.margin(settings, settings.boundary === 'fixed' ? [settings.beta] : beta);
    case 'quadruplet':
      return formulas.quadruplet(settings);
    case 'n-pair':
      return formulas.nPair();
    case 'nt-xent':
      return formulas.ntXent(settings);
    case 'tuplet-margin':
      return formulas.tupletMargin(settings);
    case 'lifted-structure':
      return formulas.liftedStructure(settings);
    case 'generalised-lifted-structure':
      return formulas.generalisedLifted(settings);
    case 'sup-con':
      return formulas.supCon(settings);
    case 'multi-similarity':
      return formulas.multiSimilarity(settings);
    case 'circle':
      return formulas.circle(settings, new Formulas(chosen, mined, distance));
    case 'nca':
      return formulas.nca(settings);
    case 'fast-ap':
      return formulas.fastAp(settings);
  }
}
