import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src/trainer/dataset/dataset';
import { DEFAULT_MODELS, DEFAULT_OPTIMISERS } from '../../../src/trainer/training/choices';
import { checkSettings, overrideSettings } from '../../../src/trainer/training/settings';
import { hostScalar, stepInputs, stepSettings } from '../../../src/trainer/training/step';
import { suggestFor, suggestTraining } from '../../../src/trainer/training/suggest';
import type { TrainingSettings } from '../../../src/trainer/types/training';
import { quickSettings, shapeDataset } from './shapes';

const SAMPLE = { items: 7500, labels: 3774, perClass: 2, side: 64, hasSplits: false };

describe('suggestFor', () => {
  it.each([
    SAMPLE,
    { ...SAMPLE, labels: 0, perClass: 0 },
    { ...SAMPLE, labels: 1, perClass: 7500 },
    { items: 3, labels: 2, perClass: 1, side: 20, hasSplits: true },
    { items: 1, labels: 0, perClass: 0, side: 5000, hasSplits: false },
    { items: 100_000, labels: 10, perClass: 10_000, side: 300, hasSplits: false },
  ])('gives settings that may be used, with reasons: %o', (shape) => {
    const { settings, reasons } = suggestFor(shape);
    expect(checkSettings(settings)).toBe(settings);
    expect(reasons.length).toBeGreaterThan(3);
    expect(reasons.every((reason) => reason.endsWith('.'))).toBe(true);
  });

  it('pairs the two images of small classes and takes more of large ones', () => {
    expect(suggestFor(SAMPLE).settings.batch).toEqual({ classes: 64, perClass: 2 });
    expect(suggestFor({ ...SAMPLE, labels: 100, perClass: 75 }).settings.batch).toEqual({ classes: 32, perClass: 4 });
  });

  it('learns from views where there are no labels', () => {
    const { settings, reasons } = suggestFor({ ...SAMPLE, labels: 0 });
    expect(settings.loss.kind).toBe('nt-xent');
    expect(settings.augmentation.crop).toBeLessThan(suggestFor(SAMPLE).settings.augmentation.crop);
    expect(reasons[0]).toMatch(/no labels/);
  });
});

describe('kindred.json', () => {
  let dataset: Dataset;
  let remove: () => Promise<void>;
  beforeAll(async () => {
    ({ dataset, remove } = await shapeDataset(2, 2));
  });
  afterAll(() => remove());

  const suggest = async (content: unknown): ReturnType<typeof suggestTraining> => {
    await writeFile(dataset.paths.config, typeof content === 'string' ? content : JSON.stringify(content));
    return suggestTraining(dataset);
  };

  it('overrides what it names and leaves the rest', async () => {
    const training = {
      learningRate: 0.01,
      batch: { perClass: 3 },
      augmentation: { rotate: 15, hue: 0.1, erase: 0.2 },
      budget: { steps: 50 },
      loss: { kind: 'triplet', margin: 0.3 },
    };
    const { settings, reasons } = await suggest({ training, dataset: {} });
    expect(settings).toMatchObject({
      learningRate: 0.01,
      batch: { classes: 2, perClass: 3 },
      augmentation: { crop: 0.85, flip: true, rotate: 15, hue: 0.1, erase: 0.2 },
      budget: { steps: 50 },
      loss: { kind: 'triplet', margin: 0.3, miner: 'semi-hard' },
      embeddingSize: 128,
    });
    expect(settings.budget).toEqual({ steps: 50 });
    expect(reasons[0]).toBe('kindred.json sets learningRate, batch, augmentation, budget, loss.');
    expect((await suggest({})).settings.features).toBe('descriptor');
  });

  it('learns from a table of pairs that it names', async () => {
    const { settings } = await suggest({ training: { pairs: 'pairs.csv' } });
    expect(settings).toMatchObject({ supervision: 'pairs', pairs: 'pairs.csv', loss: { kind: 'contrastive' } });
    expect(settings.features).toBeUndefined();
    const labels = await suggest({ training: { pairs: 'pairs.csv', supervision: 'labels' } });
    expect(labels.settings.supervision).toBe('labels');
  });

  it('says that its loss plays no part in a model that is computed in one piece', async () => {
    const training = { features: 'descriptor', model: { kind: 'linear', method: 'lda' }, loss: { kind: 'arcface' } };
    expect((await suggest({ training })).reasons[1]).toMatch(/The loss of kindred\.json plays no part/);
    const { loss } = training;
    const learned = await suggest({ training: { features: 'descriptor', loss } });
    expect(learned.settings.model).toEqual({ kind: 'linear', method: 'gradient' });
    expect([...learned.reasons, ...(await suggest({})).reasons].join(' ')).not.toContain('plays no part');
  });

  it.each([
    [{ training: { learningRate: 'fast' } }, /"training\.learningRate" is "fast"; it must be a number from 1e-7 to 1/],
    [{ training: { lerningRate: 0.1 } }, /"training\.lerningRate" is not a setting/],
    [
      { training: { loss: { kind: 'magic' } } },
      /"training\.loss\.kind" is "magic"; it must be one of "contrastive", "triplet"/,
    ],
    [{ training: { loss: { kind: 'nt-xent', margin: 1 } } }, /"training\.loss\.margin" is not a setting/],
    [{ training: { batch: { classes: 1 } } }, /"training\.batch\.classes" is 1; it must be a whole number from 2/],
    [{ training: { batch: 5 } }, /"training\.batch" is 5; it must be a group/],
    [{ training: { batch: { classes: 512, perClass: 4 } } }, /at most 1024/],
    [{ training: { budget: { steps: 0 } } }, /"training\.budget\.steps" is 0/],
    [{ training: { budget: { steps: 5, minutes: 5 } } }, /"training\.budget\.steps" is not a setting/],
    [{ training: { augmentation: { flip: 1 } } }, /"training\.augmentation\.flip" is 1; it must be true or false/],
    [{ training: { model: { kind: 'resnet' } } }, /"training\.model\.kind" is "resnet"; it must be one of "convnet"/],
    [{ training: { model: { kind: 'mlp', patch: 8 } } }, /"training\.model\.patch" is not a setting/],
    [{ training: { imageSize: 60, model: { kind: 'vit' } } }, /"training\.model\.patch" is 8.*imageSize, 60/],
    [{ training: { model: { kind: 'vit', heads: 3 } } }, /"training\.model\.heads" is 3.*model\.width, 128/],
    [{ training: { optimiser: { kind: 'sgd', beta1: 0.9 } } }, /"training\.optimiser\.beta1" is not a setting/],
    [{ training: { optimiser: { beta1: 1 } } }, /"training\.optimiser\.beta1" is 1; it must be a number from 0/],
    [{ training: { schedule: { kind: 'step', every: 0 } } }, /"training\.schedule\.every" is 0/],
    [{ training: { clipNorm: -1 } }, /"training\.clipNorm" is -1/],
    [
      { training: { augmentation: { hue: 0.6 } } },
      /"training\.augmentation\.hue" is 0.6; it must be a number from 0 to 0.5/,
    ],
    [{ training: { augmentation: { rotate: -5 } } }, /"training\.augmentation\.rotate" is -5/],
    [{ training: { seed: -1 } }, /"training\.seed" is -1/],
    [{ training: { name: '../up' } }, /"training\.name" is "\.\.\/up"/],
    [{ training: [] }, /"training" must be a group/],
    [[], /one object in braces/],
    ['{"training": }', /cannot be used: /],
  ])('refuses %j by file, key and what is allowed', async (content, message) => {
    await expect(suggest(content)).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringMatching(message) as string,
      path: dataset.paths.config,
      remedy: expect.stringMatching(/\.$/) as string,
    });
    await expect(suggest(content)).rejects.toThrow(dataset.paths.config);
  });
});

describe('a choice of a kind in kindred.json', () => {
  const chosen = (partial: Record<string, unknown>): TrainingSettings =>
    checkSettings(overrideSettings(quickSettings('x'), partial));

  it('brings its own defaults', () => {
    expect(chosen({ model: { kind: 'vit', depth: 2 } }).model).toEqual({ ...DEFAULT_MODELS.vit, depth: 2 });
    expect(chosen({ optimiser: { kind: 'sgd' } }).optimiser).toEqual({ kind: 'sgd', momentum: 0.9, nesterov: true });
    expect(chosen({ schedule: { kind: 'step', every: 9 } }).schedule).toMatchObject({ every: 9, factor: 0.5 });
  });

  it('stands for the kind that is there when only a parameter is given', () => {
    expect(chosen({ optimiser: { beta1: 0.5 } }).optimiser).toEqual({ ...DEFAULT_OPTIMISERS.adamw, beta1: 0.5 });
    const base = quickSettings('x', { model: { ...DEFAULT_MODELS.vit, width: 64 } });
    expect(overrideSettings(base, { model: { depth: 1 } })['model']).toEqual({ ...base.model, depth: 1 });
  });

  it('left out, is what runs before it had', () => {
    const settings = quickSettings('old');
    expect(stepSettings(settings, { batchSize: 4, classes: 2 })).toMatchObject({
      model: { kind: 'convnet' },
      optimiser: { kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
      clipNorm: 0,
    });
    expect(stepInputs(settings, { batchSize: 4, classes: 2 }, 30, 100)).toEqual({
      learningRate: hostScalar(2e-3 * 0.5 * (1 + Math.cos((Math.PI * 11) / 81))),
      firstCorrection: hostScalar(1 / (1 - 0.9 ** 31)),
      secondCorrection: hostScalar(1 / (1 - 0.999 ** 31)),
    });
  });
});

describe('checkSettings', () => {
  it('refuses by the name of the setting what comes over the wire', () => {
    expect(checkSettings(quickSettings('x'))).toBeDefined();
    const wrong: [Record<string, unknown>, RegExp][] = [
      [{ learningRate: NaN }, /"learningRate" of the training is NaN/],
      [{ learningRate: undefined }, /"learningRate" of the training is missing/],
      [{ imageSize: 32.5 }, /"imageSize"/],
      [{ holdOut: 'some' }, /"auto", "class", "item", "split"/],
      [{ loss: { kind: 'triplet', margin: 0.1 } }, /"loss\.miner" of the training is missing/],
      [{ budget: { minutes: 0 } }, /"budget\.minutes"/],
      [{ name: 'con' }, /"name"/],
      [{ extra: 1 }, /"extra"/],
    ];
    for (const [change, message] of wrong) {
      expect(() => checkSettings({ ...quickSettings('x'), ...change })).toThrow(message);
    }
    expect(() => checkSettings(null)).toThrow(/settings of the training/);
  });
});
