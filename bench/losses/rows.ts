/** The rows of the table: every loss with the miners that make sense for it, and the presets. */
import { overrideSettings } from '../../src/trainer/training/settings';
import type { PresetName } from '../../src/trainer/types/presets';
import type { MinerKind } from '../../src/trainer/types/pairLosses';
import type { LossKind, TrainingSettings } from '../../src/trainer/types/training';

export interface Row {
  /** What the first two columns say. */
  readonly name: string;
  readonly miner: string;
  /** On what the table's own settings stand; the suggestion for the dataset when there is none. */
  readonly preset?: PresetName | 'auto';
  /** Whether the training is given no labels. */
  readonly unlabelled?: boolean;
  readonly changes: Readonly<Record<string, unknown>>;
}

/** The first is the loss's own default. Every pair and triplet of a batch counts with `none`. */
const MINERS: Partial<Record<LossKind, readonly MinerKind[]>> = {
  contrastive: ['none', 'pair-margin', 'multi-similarity', 'batch-hard'],
  triplet: ['semi-hard', 'none', 'all', 'hard', 'batch-hard', 'distance-weighted'],
  margin: ['none', 'semi-hard', 'distance-weighted'],
  quadruplet: ['batch-hard', 'none'],
  'nt-xent': ['none', 'batch-hard', 'multi-similarity'],
  'sup-con': ['none', 'multi-similarity'],
  'multi-similarity': ['none', 'multi-similarity'],
  circle: ['none', 'multi-similarity'],
  'lifted-structure': ['none'],
  'generalised-lifted-structure': ['none'],
  'n-pair': ['none'],
  'tuplet-margin': ['none'],
  'fast-ap': ['none'],
  nca: ['none'],
  vicreg: ['none'],
};
const PROXY_LOSSES = [
  'normalised-softmax',
  'proxy-nca',
  'proxy-anchor',
  'arcface',
  'sub-centre-arcface',
  'cosface',
  'soft-triple',
] as const satisfies readonly LossKind[];

const pairRows: Row[] = Object.entries(MINERS).flatMap(([kind, miners]) =>
  miners.map((miner) => ({
    name: kind,
    miner,
    changes: { loss: { kind, ...(kind === 'n-pair' || kind === 'fast-ap' || kind === 'vicreg' ? {} : { miner }) } },
  })),
);

const memoryRow = (kind: LossKind): Row => ({
  name: `${kind}, memory of 1,024`,
  miner: 'none',
  changes: { loss: { kind, memory: { size: 1024 } } },
});

export const ROWS: readonly Row[] = [
  ...pairRows,
  { name: 'contrastive, SNR', miner: 'none', changes: { loss: { kind: 'contrastive', distance: 'snr' } } },
  { name: 'n-pair, dot products', miner: 'none', changes: { loss: { kind: 'n-pair', distance: 'dot' } } },
  ...(['semi-hard', 'none', 'distance-weighted'] as const).map((miner) => ({
    name: 'triplet, margin 0.2',
    miner,
    changes: { loss: { kind: 'triplet', margin: 0.2, miner } },
  })),
  memoryRow('nt-xent'),
  memoryRow('multi-similarity'),
  ...PROXY_LOSSES.map((kind) => ({ name: kind, miner: '', changes: { loss: { kind } } })),
  { name: 'sum of nt-xent and proxy-anchor', miner: '', changes: { loss: { kind: 'sum' } } },
  { name: 'nt-xent on two views, no labels', miner: '', preset: 'unlabelled', unlabelled: true, changes: {} },
  {
    name: 'vicreg on two views, no labels',
    miner: '',
    preset: 'unlabelled',
    unlabelled: true,
    changes: { loss: { kind: 'vicreg' } },
  },
  { name: 'preset: auto', miner: '', preset: 'auto', changes: {} },
  { name: 'preset: few-samples', miner: '', preset: 'few-samples', changes: {} },
  { name: 'preset: frozen-features', miner: '', preset: 'frozen-features', changes: {} },
  { name: 'preset: verification', miner: '', preset: 'verification', changes: {} },
];

/** What is the same for all rows that train a network. */
export type Budget = Pick<TrainingSettings, 'imageSize' | 'batch' | 'budget'>;

/** A row's settings on those that the dataset suggests; a head on features keeps its own batches and steps, being done in seconds. `all` changes every row. */
export function settingsOf(
  row: Row,
  suggested: TrainingSettings,
  budget: Budget,
  seed: number,
  all: object = {},
): TrainingSettings {
  const equal = suggested.features === undefined ? budget : {};
  return overrideSettings({ ...suggested, ...equal, ...all, seed }, row.changes) as unknown as TrainingSettings;
}
