import type { ItemPair, MeasuredProbes, RunSummary, TrainingMetrics } from '../../../src/trainer/protocol';
import type { SumSettings } from '../../../src/trainer/types/training';

export function run(rest: Partial<RunSummary> = {}): RunSummary {
  return {
    name: 'nt-xent-1',
    state: 'running',
    settings: {
      name: 'nt-xent-1',
      loss: { kind: 'nt-xent', temperature: 0.1 },
      embeddingSize: 128,
      imageSize: 64,
      batch: { classes: 64, perClass: 2 },
      learningRate: 0.001,
      weightDecay: 0.0001,
      budget: { minutes: 3 },
      augmentation: { crop: 0.6, flip: true, colour: 0.3, grey: 0.1 },
      holdOut: 'auto',
      holdOutFraction: 0.2,
      seed: 7,
    },
    created: '2026-01-01T00:00:00.000Z',
    step: 0,
    steps: 600,
    best: undefined,
    baselineRecallAt1: 0.25,
    heldOut: { by: 'class', classes: 340, items: 680 },
    device: 'CPU, 2 threads',
    problems: [],
    ...rest,
  };
}

/** A curve as a real run draws it: a noisy fall, recall that rises and levels off. */
export function metrics(steps: number, height = 1): TrainingMetrics[] {
  return Array.from({ length: steps }, (_, i) => {
    const step = i + 1;
    const noise = Math.sin(step * 12.9898) * Math.cos(step * 4.1414);
    return {
      step,
      loss: 1.2 + 3.6 * Math.exp(-step / 110) + 0.25 * noise * Math.exp(-step / 900),
      activeShare: 0.35 + 0.6 * Math.exp(-step / 220) + 0.04 * noise,
      imagesPerSecond: 232 + 6 * noise,
      seconds: step * 0.3,
      learningRate: 0.003 * Math.min(1, step / 20) * (1 - step / 1000),
      ...(step % 50 === 0 ? { recallAt1: height * (0.55 - 0.42 * Math.exp(-step / 130)) + 0.012 * noise } : {}),
    };
  });
}

/** Of two losses, the second of which counts half. */
export const SUM: SumSettings = {
  kind: 'sum',
  parts: [
    { weight: 1, loss: { kind: 'nt-xent', temperature: 0.1 } },
    { weight: 0.5, loss: { kind: 'triplet', margin: 0.2, miner: 'batch-hard' } },
  ],
};

/** A layer that is computed at once, and was not worth it. */
export const HEAD: Partial<RunSummary> = {
  settings: { ...run().settings, features: 'descriptor', model: { kind: 'linear', method: 'lda' } },
  baselineRecallAt1: 0.46,
  verdict: { isBetter: false, words: 'Recall@1 is 44.0% with the head: the head does not beat them.' },
};

/** Two other runs of the same dataset. */
export const SECOND: Partial<RunSummary> = {
  name: 'triplet-2',
  state: 'finished',
  settings: { ...run().settings, loss: { kind: 'triplet', margin: 0.2, miner: 'batch-hard' }, embeddingSize: 64 },
  step: 500,
  steps: 500,
  best: { step: 450, recallAt1: 0.37 },
};
export const THIRD: Partial<RunSummary> = {
  name: 'nt-xent-3',
  state: 'finished',
  settings: { ...run().settings, learningRate: 0.003 },
  step: 500,
  steps: 500,
  best: { step: 500, recallAt1: 0.54 },
  rateChanges: [{ step: 200, factor: 0.5 }],
};

const pairOf = (a: number, b: number, similarity: number): ItemPair => ({ a, b, similarity, isSame: a % 4 === b % 4 });

/** Two measures: at the second, the first probe has a neighbour of its own class that it did not have before. */
export const PROBED: readonly MeasuredProbes[] = [
  {
    step: 50,
    probes: [
      { item: 0, neighbours: [pairOf(0, 5, 0.8), pairOf(0, 6, 0.7)] },
      { item: 1, neighbours: [pairOf(1, 9, 0.9), pairOf(1, 2, 0.6)] },
    ],
    strangers: [pairOf(0, 5, 0.8)],
    relatives: [pairOf(0, 4, 0.1)],
  },
  {
    step: 100,
    probes: [
      { item: 0, neighbours: [pairOf(0, 4, 0.9), pairOf(0, 5, 0.7)] },
      { item: 1, neighbours: [pairOf(1, 9, 0.95), pairOf(1, 2, 0.5)] },
    ],
    strangers: [pairOf(0, 5, 0.7), pairOf(1, 2, 0.5)],
    relatives: [pairOf(1, 13, 0.2)],
  },
];
