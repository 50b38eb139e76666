/** Defaults and limits of the losses of pairs, and what each can be composed of. */
import { integer, isGroup, number, oneOf, optional, type Rule, type Rules, YES_OR_NO } from '../training/rules';
import type { Composition, Distance, Miner, PairLossKind, PairLossSettings, Reducer } from '../types/pairLosses';
import { MINERS, REDUCERS } from '../types/pairLosses';
import { DEFAULT_MINERS } from './miners/minerOf';

type Defaults = { readonly [K in PairLossKind]: Extract<PairLossSettings, { kind: K }> };

export const DEFAULT_PAIR_LOSSES: Defaults = {
  contrastive: { kind: 'contrastive', positiveMargin: 0, negativeMargin: 1 },
  triplet: { kind: 'triplet', margin: 0.05, miner: 'semi-hard' },
  'nt-xent': { kind: 'nt-xent', temperature: 0.07 },
  'sup-con': { kind: 'sup-con', temperature: 0.1 },
  'multi-similarity': { kind: 'multi-similarity', alpha: 2, beta: 50, base: 0.5 },
  circle: { kind: 'circle', margin: 0.4, scale: 80 },
  margin: { kind: 'margin', margin: 0.2, beta: 1.2, boundary: 'learned', nu: 0 },
  quadruplet: { kind: 'quadruplet', margin: 0.2, secondMargin: 0.1, miner: 'batch-hard' },
  'n-pair': { kind: 'n-pair' },
  'lifted-structure': { kind: 'lifted-structure', positiveMargin: 0, negativeMargin: 1 },
  'generalised-lifted-structure': { kind: 'generalised-lifted-structure', positiveMargin: 0, negativeMargin: 1 },
  'tuplet-margin': { kind: 'tuplet-margin', margin: 5.73, scale: 64 },
  'fast-ap': { kind: 'fast-ap', bins: 10 },
  nca: { kind: 'nca', scale: 1 },
  vicreg: { kind: 'vicreg', invariance: 25, variance: 25, covariance: 1 },
};

interface Ability {
  /** The first is the default. */
  readonly distances: readonly [Distance, ...Distance[]];
  readonly reducer: Reducer;
  readonly mines: boolean;
  readonly remembers: boolean;
}

const APART: Ability['distances'] = ['euclidean', 'squared-euclidean', 'cosine', 'snr'];
const ALIKE: Ability['distances'] = ['cosine', 'dot', 'euclidean', 'squared-euclidean'];
const ALL = { mines: true, remembers: true } as const;
const ALONE = { mines: false, remembers: false } as const;

/** VICReg compares the views of an item only. */
type ComposedKind = Exclude<PairLossKind, 'vicreg'>;

const ABILITIES: Readonly<Record<ComposedKind, Ability>> = {
  contrastive: { distances: APART, reducer: 'average-non-zero', ...ALL },
  triplet: { distances: [...APART, 'dot'], reducer: 'average-non-zero', ...ALL },
  margin: { distances: APART, reducer: 'average-non-zero', ...ALL },
  quadruplet: { distances: APART, reducer: 'average-non-zero', mines: true, remembers: false },
  'lifted-structure': { distances: APART, reducer: 'mean', ...ALL },
  'generalised-lifted-structure': { distances: APART, reducer: 'mean', ...ALL },
  'nt-xent': { distances: ALIKE, reducer: 'mean', ...ALL },
  'sup-con': { distances: ALIKE, reducer: 'average-non-zero', ...ALL },
  'multi-similarity': { distances: ['cosine', 'dot'], reducer: 'mean', ...ALL },
  circle: { distances: ['cosine'], reducer: 'average-non-zero', ...ALL },
  'tuplet-margin': { distances: ['cosine'], reducer: 'mean', ...ALL },
  nca: { distances: ['squared-euclidean', 'euclidean', 'cosine', 'dot'], reducer: 'mean', ...ALL },
  'n-pair': { distances: ALIKE, reducer: 'mean', ...ALONE },
  'fast-ap': { distances: ['squared-euclidean'], reducer: 'mean', ...ALONE },
};

/** The miner's margin when only its kind is said: that of the triplet loss when it is larger, so that no violation is left out. */
function minerFor(settings: Exclude<PairLossSettings, { kind: 'vicreg' }>): Miner {
  const { miner = 'none' } = settings;
  if (settings.kind !== 'triplet' || typeof miner !== 'string') return miner;
  const usual = DEFAULT_MINERS[miner];
  return 'margin' in usual ? { ...usual, margin: Math.max(usual.margin, settings.margin) } : usual;
}

/** What a loss is composed of, with its defaults. */
export function compositionOf(
  settings: Exclude<PairLossSettings, { kind: 'vicreg' }>,
): Required<Omit<Composition, 'memory'>> & Pick<Composition, 'memory'> {
  const { distances, reducer } = ABILITIES[settings.kind];
  return {
    distance: settings.distance ?? distances[0],
    miner: minerFor(settings),
    reducer: settings.reducer ?? reducer,
    ...(settings.memory ? { memory: settings.memory } : {}),
  };
}

const LARGEST_MEMORY = 65_536;
const DISTANCE = number(0, 2);
const SIMILARITY = number(-1, 1);
const SCALE = number(0.01, 1000);
const WEIGHT = number(0, 1e6);
const TEMPERATURE: Rules = { temperature: number(0.001, 10) };
const MARGINS: Rules = { positiveMargin: DISTANCE, negativeMargin: DISTANCE };

const MINER_RULES: Readonly<Record<string, Rules>> = {
  'semi-hard': { margin: DISTANCE },
  all: { margin: DISTANCE },
  hard: { margin: DISTANCE },
  easy: { margin: DISTANCE },
  'distance-weighted': { nearest: number(0.001, 2), farthest: number(0.001, 1.999) },
  'multi-similarity': { epsilon: DISTANCE },
  'pair-margin': MARGINS,
};

const MINER: Rule = {
  allowed: `${oneOf(MINERS).allowed}, or a group with one of them as "kind" and its numbers: ${Object.entries(
    MINER_RULES,
  )
    .map(([kind, rules]) => `${kind} has ${Object.keys(rules).join(', ')}`)
    .join('; ')}`,
  holds: (value) => {
    if (!isGroup(value)) return oneOf(MINERS).holds(value);
    const { kind, ...rest } = value;
    if (!oneOf(MINERS).holds(kind)) return false;
    const rules = MINER_RULES[kind as string] ?? {};
    const isKnown = Object.keys(rest).every((key) => Object.hasOwn(rules, key));
    return isKnown && Object.entries(rules).every(([key, rule]) => rule.holds(rest[key]));
  },
};

const MEMORY: Rule = {
  allowed: `a group with "size", a whole number from 2 to ${LARGEST_MEMORY}`,
  holds: (value) =>
    isGroup(value) && Object.keys(value).join() === 'size' && integer(2, LARGEST_MEMORY).holds(value['size']),
};

const OWN: Readonly<Record<PairLossKind, Rules>> = {
  contrastive: MARGINS,
  triplet: { margin: DISTANCE, miner: MINER, soft: optional(YES_OR_NO), swap: optional(YES_OR_NO) },
  'nt-xent': TEMPERATURE,
  'sup-con': TEMPERATURE,
  'multi-similarity': { alpha: SCALE, beta: SCALE, base: SIMILARITY },
  circle: { margin: number(0, 1), scale: SCALE },
  margin: { margin: DISTANCE, beta: DISTANCE, boundary: oneOf(['fixed', 'learned', 'by-class']), nu: WEIGHT },
  quadruplet: { margin: DISTANCE, secondMargin: DISTANCE, miner: optional(oneOf(['none', 'batch-hard'])) },
  'n-pair': {},
  'lifted-structure': MARGINS,
  'generalised-lifted-structure': MARGINS,
  'tuplet-margin': { margin: number(0, 90), scale: SCALE },
  'fast-ap': { bins: integer(2, 100) },
  nca: { scale: SCALE },
  vicreg: { invariance: WEIGHT, variance: WEIGHT, covariance: WEIGHT },
};

function composed(kind: ComposedKind): Rules {
  const { distances, mines, remembers } = ABILITIES[kind];
  return {
    ...(distances.length > 1 ? { distance: optional(oneOf(distances)) } : {}),
    reducer: optional(oneOf(REDUCERS)),
    ...(mines ? { miner: optional(MINER) } : {}),
    ...(remembers ? { memory: optional(MEMORY) } : {}),
    ...OWN[kind],
  };
}

export const PAIR_LOSS_RULES = Object.fromEntries(
  Object.keys(OWN).map((kind) => [kind, kind === 'vicreg' ? OWN.vicreg : composed(kind as ComposedKind)]),
) as Readonly<Record<PairLossKind, Rules>>;
