import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { createConfiguration, saysBudget, withTraining } from '../../../src/extension/training/configuration';
import { LOSSES, lossChoices } from '../../../src/extension/training/lossChoices';
import { withPreferredBudget } from '../../../src/extension/training/preferredBudget';
import { DEFAULT_LOSSES } from '../../../src/trainer/training/settings';
import type { TrainingSettings, TrainingSuggestion } from '../../../src/trainer/protocol';
import { fill } from '../fill';

it("offers every kind of loss with the trainer's own defaults", () => {
  const { sum, ...single } = DEFAULT_LOSSES;
  expect(new Set(LOSSES.map((loss) => loss.kind))).toEqual(new Set(Object.keys(single)));
  for (const loss of LOSSES) {
    const expected = DEFAULT_LOSSES[loss.kind];
    expect(loss.kind === 'triplet' ? { ...loss, miner: 'semi-hard' } : loss).toEqual(expected);
  }
  expect(lossChoices(sum, fill)[0].name).toBe('NT-Xent + Proxy-Anchor');
});

it('puts the current loss first, with its own parameters, and each only once', () => {
  const current = { kind: 'triplet', margin: 0.4, miner: 'batch-hard' } as const;
  const choices = lossChoices(current, fill);
  expect(choices[0].loss).toEqual(current);
  expect(choices).toHaveLength(LOSSES.length);
  expect(new Set(choices.map((choice) => choice.name)).size).toBe(choices.length);
});

it('writes a first kindred.json and never over another', async () => {
  const root = await mkdtemp(path.join(tmpdir(), 'kindred-config-'));
  const file = path.join(root, 'kindred.json');
  const settings = { loss: DEFAULT_LOSSES['nt-xent'], budget: { minutes: 3 }, imageSize: 64 } as TrainingSettings;
  expect(await saysBudget({ root })).toBe(false);
  await createConfiguration(file, settings);
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ training: settings });
  expect(await saysBudget({ root })).toBe(true);
  await expect(createConfiguration(file, settings)).rejects.toMatchObject({ code: 'EEXIST' });
  await writeFile(file, '{ broken');
  expect(await saysBudget({ root })).toBe(false);
  await rm(root, { recursive: true });
});

it('puts settings into a kindred.json beside what else stands there, without the name of the run', () => {
  const settings = { name: 'first', imageSize: 64, budget: { steps: 3 } } as TrainingSettings;
  const text = withTraining('{"$schema": "x", "training": {"seed": 1}}', settings);
  expect(JSON.parse(text)).toEqual({ $schema: 'x', training: { imageSize: 64, budget: { steps: 3 } } });
  for (const broken of ['', '{ "training": ', '[1]', 'null']) {
    expect(JSON.parse(withTraining(broken, settings))).toEqual({ training: { imageSize: 64, budget: { steps: 3 } } });
  }
});

it("takes the person's own minutes for what is trained in steps, where kindred.json says nothing", async () => {
  const root = await mkdtemp(path.join(tmpdir(), 'kindred-minutes-'));
  const head = { features: 'descriptor', budget: { steps: 200 } } as TrainingSettings;
  const gradient = { ...head, model: { kind: 'linear', method: 'gradient' } } as TrainingSettings;
  const suggested = (settings: TrainingSettings, own: number): Promise<TrainingSuggestion> =>
    withPreferredBudget({ root }, { settings, reasons: ['Because.'] }, own, fill);
  expect((await suggested({ budget: { minutes: 3 } } as TrainingSettings, 7)).settings.budget).toEqual({ minutes: 7 });
  expect(await suggested(gradient, 7)).toEqual({
    settings: { ...gradient, budget: { minutes: 7 } },
    reasons: ['Your setting kindred.training.minutes says 7 minutes.', 'Because.'],
  });
  expect((await suggested({ ...head, model: { kind: 'linear', method: 'lda' } }, 7)).settings.budget).toEqual({
    steps: 200,
  });
  expect((await suggested(gradient, 0)).settings.budget).toEqual({ steps: 200 });
  await writeFile(path.join(root, 'kindred.json'), '{"training":{"budget":{"steps":5}}}');
  expect((await suggested(gradient, 7)).settings.budget).toEqual({ steps: 200 });
  await rm(root, { recursive: true });
});
