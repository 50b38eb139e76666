import { describe, expect, it } from 'vitest';
import { LOSSES, type LossSettings, type TrainingSettings } from '../../../src/trainer/types/training';
import { DEFAULT_LOSSES } from '../../../src/trainer/training/choices';
import { checkSettings, overrideSettings } from '../../../src/trainer/training/settings';
import { suggestFor } from '../../../src/trainer/training/suggest';

const { settings: SETTINGS } = suggestFor({ items: 1000, labels: 40, perClass: 12, side: 64, hasSplits: false });

/** Settings with that loss, or what is wrong with it. */
function withLoss(loss: unknown, rest: Partial<TrainingSettings> = {}): TrainingSettings {
  return checkSettings({ ...SETTINGS, ...rest, loss });
}

it.each(LOSSES)('the defaults of %s can be trained with', (kind) => {
  expect(withLoss(DEFAULT_LOSSES[kind]).loss).toEqual(DEFAULT_LOSSES[kind]);
});

it('a loss can be composed of distance, miner, reducer and memory', () => {
  const composed: LossSettings = {
    ...DEFAULT_LOSSES.contrastive,
    distance: 'snr',
    miner: { kind: 'pair-margin', positiveMargin: 0.1, negativeMargin: 1 },
    reducer: 'mean',
    memory: { size: 1024 },
  };
  expect(withLoss(composed).loss).toEqual(composed);
});

const SMALL = { batch: { classes: 16, perClass: 4 } };

describe('what makes no sense is refused with what it must be', () => {
  const { contrastive, circle, triplet, quadruplet, vicreg } = DEFAULT_LOSSES;
  it.each<[string, unknown, Partial<TrainingSettings>, RegExp]>([
    [
      'a distance that the loss cannot use',
      { ...circle, distance: 'euclidean' },
      {},
      /"loss.distance".* is not a setting/,
    ],
    ['another', { ...contrastive, distance: 'dot' }, {}, /"loss.distance".* must be one of "euclidean"/],
    ['a miner of views', { ...vicreg, miner: 'all' }, {}, /"loss.miner".* is not a setting/],
    ['a miner without its numbers', { ...contrastive, miner: { kind: 'hard' } }, {}, /"loss.miner".* hard has margin/],
    ['a number that a miner lacks', { ...contrastive, miner: { kind: 'batch-hard', margin: 1 } }, {}, /"loss.miner"/],
    ['an unknown miner', { ...triplet, miner: 'hardest' }, {}, /"loss.miner".* one of "none", "all"/],
    ['a memory of nothing', { ...contrastive, memory: {} }, {}, /"loss.memory".* a group with "size"/],
    ['a memory smaller than a batch', { ...contrastive, memory: { size: 63 } }, SMALL, /"loss.memory.size".* 64 items/],
    ['triplets of a large memory', { ...triplet, memory: { size: 4096 } }, SMALL, /at most 724/],
    ['quadruplets of a large batch', { ...quadruplet, miner: 'none' }, {}, /"loss.miner".* "batch-hard"/],
    ['views in threes', vicreg, { batch: { classes: 9, perClass: 3 } }, /"batch.perClass".* even/],
    ['a sum of nothing', { kind: 'sum', parts: [] }, {}, /"loss.parts".* a list of 1 to 8/],
    ['a part without a weight', { kind: 'sum', parts: [{ loss: circle }] }, {}, /"loss.parts.0.weight".* is missing/],
    [
      'a wrong number in a part',
      { kind: 'sum', parts: [{ weight: 1, loss: circle }, { weight: 1, loss: { ...circle, scale: -1 } }] }, // prettier-ignore
      {},
      /"loss.parts.1.loss.scale".* is -1/,
    ],
    [
      'a sum in a sum',
      { kind: 'sum', parts: [{ weight: 1, loss: DEFAULT_LOSSES.sum }] },
      {},
      /"loss.parts.0.loss.kind".* must be one of/,
    ],
    [
      'what a part and the batch can only be together',
      { kind: 'sum', parts: [{ weight: 1, loss: { ...contrastive, memory: { size: 3 } } }] },
      SMALL,
      /"loss.parts.0.loss.memory.size"/,
    ],
  ])('%s', (_, loss, rest, message) => {
    expect(() => withLoss(loss, rest)).toThrow(message);
  });
});

it('parts of a sum have the defaults of their kinds, and count once', () => {
  const { loss } = overrideSettings(SETTINGS, {
    loss: { kind: 'sum', parts: [{ loss: { kind: 'circle', scale: 8 } }, { weight: 2, loss: { kind: 'arcface' } }] },
  });
  expect(loss).toEqual({
    kind: 'sum',
    parts: [
      { weight: 1, loss: { ...DEFAULT_LOSSES.circle, scale: 8 } },
      { weight: 2, loss: DEFAULT_LOSSES.arcface },
    ],
  });
});

it('small batches may look at all quadruplets', () => {
  const loss = { ...DEFAULT_LOSSES.quadruplet, miner: 'none' };
  expect(withLoss(loss, SMALL).loss).toEqual(loss);
});
