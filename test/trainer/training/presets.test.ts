import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src/trainer/dataset/dataset';
import { configurationProblems } from '../../../src/trainer/training/configuration';
import { presetFor, presets } from '../../../src/trainer/training/presets';
import { trainRun } from '../../../src/trainer/training/run';
import { checkSettings } from '../../../src/trainer/training/settings';
import { beginningOf, shapeOf, suggestFor, suggestTraining } from '../../../src/trainer/training/suggest';
import { PRESETS } from '../../../src/trainer/types/presets';
import { quiet, shapeDataset } from './shapes';

const SHAPE = { items: 7500, labels: 100, perClass: 150, side: 64, hasSplits: false };

describe('presets', () => {
  it('are all there, each with a line, and only change what they name', () => {
    expect(presets().map(({ name }) => name)).toEqual([...PRESETS]);
    for (const { name, description, settings } of presets()) {
      expect(description).toMatch(/\.$/);
      const { settings: made, reasons } = beginningOf(SHAPE, {}, { preset: name });
      expect(checkSettings(made)).toBe(made);
      expect(made).toMatchObject(settings);
      expect(reasons[0]).toMatch(/^Preset ".*\.$/);
      const usual = suggestFor(SHAPE, settings.features).settings;
      for (const key of Object.keys(usual) as (keyof typeof usual)[])
        if (!(key in settings)) expect(made[key], `${name}: ${key}`).toEqual(usual[key]);
    }
  });

  it('do not give reasons for what they set otherwise', () => {
    const { reasons } = beginningOf(SHAPE, {}, { preset: 'best-quality' });
    expect(reasons.join(' ')).toMatch(/Half an hour|half an hour/);
    expect(reasons.join(' ')).not.toMatch(/64 x 64|3 minutes/);
    expect(reasons.join(' ')).toMatch(/NT-Xent loss.*Batches of.*held out/);
    const few = beginningOf(SHAPE, {}, { preset: 'few-samples' }).reasons;
    expect(few).toHaveLength(2);
    expect(few.join(' ')).not.toMatch(/softmax/);
  });

  it('can be trained with on any labelled dataset, small as it may be', () => {
    for (const shape of [SHAPE, { ...SHAPE, items: 6, labels: 3, perClass: 2 }])
      for (const preset of PRESETS) {
        const { settings } = beginningOf(shape, {}, { preset });
        expect(() => checkSettings(settings), preset).not.toThrow();
      }
  });

  it.each([
    [{ ...SHAPE, labels: 0, perClass: 0 }, 'unlabelled', /no two labels/],
    [{ ...SHAPE, labels: 1, perClass: 7500 }, 'unlabelled', /no two labels/],
    [{ ...SHAPE, items: 300 }, 'few-samples', /300 images are too few/],
    [SHAPE, 'network', /7500 images of 100 labels are enough/],
    [{ ...SHAPE, perClass: 2 }, 'few-samples', /half of the labels have 2 or fewer/],
    [{ ...SHAPE, perClass: 99 }, 'few-samples', /half of the labels have 99 or fewer images/],
    [{ ...SHAPE, perClass: 100 }, 'network', /are enough/],
    [{ ...SHAPE, perClass: 99, modality: 'text' as const }, 'network', /7500 texts of 100 labels are enough/],
    [{ ...SHAPE, perClass: 9, modality: 'text' as const }, 'few-samples', /half of the labels have 9 or fewer texts/],
    [{ ...SHAPE, smallest: 5, largest: 900 }, 'network', /largest has 900 images, the smallest 5/],
  ])('auto chooses by the dataset, and says why: %o', (shape, name, why) => {
    const { preset, reason } = presetFor(shape, 'auto');
    expect(preset.name).toBe(name);
    expect(reason).toMatch(why);
  });

  it('are offered by the schema of kindred.json, in the same words', async () => {
    const schema = JSON.parse(await readFile('media/kindred.schema.json', 'utf8')) as {
      definitions: { training: { properties: { preset: { enum: string[]; enumDescriptions: string[] } } } };
    };
    const { preset } = schema.definitions.training.properties;
    expect(preset.enum).toEqual(['auto', ...PRESETS]);
    expect(preset.enumDescriptions.slice(1)).toEqual(presets().map(({ description }) => description));
  });

  it('are chosen by the dataset when nothing says how is learned', () => {
    const few = { ...SHAPE, perClass: 2 };
    const way = (...of: Parameters<typeof beginningOf>): unknown => beginningOf(...of).settings.features;
    expect(way(few, {})).toBe('descriptor');
    expect(way(few, { seed: 3, holdOut: 'item', name: 'a', embeddingSize: 64 })).toBe('descriptor');
    expect(beginningOf(few, {}).reasons[0]).toBe(
      'Preset "Few samples", because half of the labels have 2 or fewer images.',
    );
    expect(beginningOf(SHAPE, {}).settings).toEqual(suggestFor(SHAPE).settings);
  });

  it.each(PRESETS)('leave texts their own views and no size of pictures: %s', (name) => {
    const texts = { ...SHAPE, modality: 'text' as const };
    const { augmentation, imageSize } = beginningOf(texts, {}, { preset: name }).settings;
    expect(augmentation).toMatchObject({ flip: false, colour: 0, grey: 0 });
    expect(augmentation.dropWords).toBeGreaterThan(0);
    expect(imageSize).toBe(suggestFor(texts).settings.imageSize);
  });

  it('promise texts the minutes that they set', () => {
    const { settings, reasons } = suggestFor({ ...SHAPE, modality: 'text' });
    const minutes = 'minutes' in settings.budget ? settings.budget.minutes : 0;
    expect(reasons.join(' ')).toMatch(new RegExp(`\\b${minutes} minutes? for [\\d]+ texts`));
  });

  it.each([
    ['a loss', { loss: { kind: 'triplet' } }],
    ['minutes', { budget: { minutes: 3 } }],
    ['a size of pictures', { imageSize: 32 }],
  ])('are not chosen where %s says that it is a network', (_, own) => {
    const { settings, reasons } = beginningOf({ ...SHAPE, perClass: 2 }, own);
    expect({ settings, reasons }).toEqual(suggestFor({ ...SHAPE, perClass: 2 }));
  });

  it('are not chosen where a network or features are asked for, but a named one stays', () => {
    const few = { ...SHAPE, perClass: 2 };
    expect(beginningOf(few, {}, { network: true }).settings).toEqual(suggestFor(few).settings);
    expect(beginningOf(few, {}, { features: 'vectors:clip' }).settings).toEqual(
      suggestFor(few, 'vectors:clip').settings,
    );
    expect(beginningOf(few, { preset: 'verification' }, { network: true }).settings.loss.kind).toBe('arcface');
  });
});

describe('a preset in kindred.json', { timeout: 120_000 }, () => {
  let dataset: Dataset;
  let remove: () => Promise<void>;
  beforeAll(async () => {
    ({ dataset, remove } = await shapeDataset(4, 6));
  });
  afterAll(() => remove());

  const write = (training: object): Promise<void> => writeFile(dataset.paths.config, JSON.stringify({ training }));

  it('is what the other settings change, and gives way to the one that is asked for', async () => {
    await write({ preset: 'best-quality', imageSize: 48 });
    const { settings, reasons } = await suggestTraining(dataset);
    expect(settings).toMatchObject({ imageSize: 48, embeddingSize: 256, budget: { minutes: 30 } });
    expect(settings).not.toHaveProperty('preset');
    expect(reasons.slice(0, 2)).toEqual([
      'kindred.json sets preset, imageSize.',
      'Preset "Best quality": half an hour with longer embeddings, of pictures larger ones; it ends early when it gets no better.',
    ]);
    const asked = await suggestTraining(dataset, { preset: 'quick-look' });
    expect(asked.settings).toMatchObject({ imageSize: 48, budget: { minutes: 1 } });
  });

  it('is refused when there is none of that name, here and in the editor', async () => {
    await write({ preset: 'magic' });
    const message = /"training\.preset" is "magic"; it must be one of "auto", "quick-look"/;
    await expect(suggestTraining(dataset)).rejects.toMatchObject({ code: 'bad-input', path: dataset.paths.config });
    await expect(suggestTraining(dataset)).rejects.toThrow(message);
    const text = '{ "training": {\n  "preset": "magic" } }';
    const [problem, ...more] = await configurationProblems(dataset, text);
    expect(more).toEqual([]);
    expect(problem).toMatchObject({ key: 'training.preset', start: { line: 1 } });
    expect(problem.message).toMatch(message);
    expect(await configurationProblems(dataset, '{ "training": { "preset": "auto" } }')).toEqual([]);
  });

  it.each([
    [{ features: 'descriptor', loss: { kind: 'cosface' } }, 'gradient'],
    [{ preset: 'few-samples', loss: { kind: 'cosface' } }, 'gradient'],
    [{ preset: 'few-samples', supervision: 'pairs' }, 'gradient'],
    [{ features: 'descriptor', seed: 2 }, 'lda'],
    [{ features: 'descriptor', loss: { kind: 'cosface' }, model: { kind: 'linear', method: 'pca' } }, 'pca'],
  ])('trains a layer by a loss that is named: %j', async (training, method) => {
    await write(training);
    const { settings, reasons } = await suggestTraining(dataset);
    expect(settings.model).toEqual({ kind: 'linear', method });
    const isTold = reasons.some((reason) => reason.includes('trained by the loss that is named'));
    expect(isTold).toBe(method === 'gradient');
    if (isTold) expect(reasons.join(' ')).not.toContain('Linear discriminant analysis');
  });

  it('trains a head on frozen features where there are few samples', async () => {
    await write({ preset: 'auto', name: 'few' });
    const { settings, reasons } = await suggestTraining(dataset);
    expect(reasons[1]).toMatch(/Few samples.*24 images are too few/);
    expect(settings).toMatchObject({ features: 'descriptor', model: { kind: 'linear', method: 'lda' } });
    const { state, heldOut } = await trainRun(dataset, settings, quiet());
    expect(state).toBe('finished');
    expect(shapeOf(dataset)).toMatchObject({ smallest: 6, largest: 6 });
    expect(heldOut.items).toBeGreaterThan(0);
  });
});
