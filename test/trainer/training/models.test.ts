import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Dataset } from '../../../src/trainer/dataset/dataset';
import { readCheckpoint } from '../../../src/trainer/training/checkpoint';
import { DEFAULT_OPTIMISERS } from '../../../src/trainer/training/choices';
import { resumeRun, trainRun } from '../../../src/trainer/training/run';
import { readMetrics, runPaths } from '../../../src/trainer/training/runStore';
import type { ModelSettings, TrainingSettings } from '../../../src/trainer/types/training';
import { loadModel } from '../../../src/trainer/engine/inference';
import { cancelledWhen, quickSettings, quiet, shapeDataset } from './shapes';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 60_000 });

let dataset: Dataset;
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ dataset, remove } = await shapeDataset(12, 4));
});
afterAll(() => remove());

const MODELS: ModelSettings[] = [
  { kind: 'convnet', size: 'medium', head: 'mlp' },
  { kind: 'separable', head: 'linear' },
  { kind: 'vit', patch: 8, width: 32, depth: 2, heads: 2, dropout: 0.1 },
  { kind: 'mlp', width: 48, depth: 2, dropout: 0.1 },
];

describe.each(MODELS)('a training of the model $kind', (model) => {
  it('learns, and leaves a model for batches of any length', async () => {
    const run = await trainRun(dataset, quickSettings(model.kind, { model, budget: { steps: 100 } }), quiet());
    expect(run).toMatchObject({ state: 'finished', step: 100, settings: { model } });
    const losses = (await readMetrics(dataset.paths, model.kind)).map(({ loss }) => loss);
    const mean = (part: readonly number[]): number => part.reduce((sum, loss) => sum + loss, 0) / part.length;
    expect(mean(losses.slice(-5))).toBeLessThan(0.9 * mean(losses.slice(0, 5)));
    const file = await loadModel(runPaths(dataset.paths, model.kind).model);
    const images = {
      shape: [3, 32, 32, 3],
      data: Float32Array.from({ length: 3 * 32 * 32 * 3 }, (_, i) => (i % 7) / 7),
    };
    const { embeddings } = await file.run({ images });
    expect(embeddings.shape).toEqual([3, 16]);
    expect(Math.hypot(...(embeddings.data as Float32Array).subarray(0, 16))).toBeCloseTo(1, 4);
    await file.dispose();
  });
});

describe('a training with dropout, Nesterov momentum, clipping and a schedule in steps', () => {
  it('stopped and resumed, comes bit for bit to where it would have come', async () => {
    const settings: Partial<TrainingSettings> = {
      model: { kind: 'vit', patch: 8, width: 16, depth: 1, heads: 2, dropout: 0.3 },
      optimiser: DEFAULT_OPTIMISERS.sgd,
      schedule: { kind: 'step', warmUp: 3, every: 5, factor: 0.5 },
      clipNorm: 1,
      learningRate: 0.05,
      budget: { steps: 30 },
    };
    await trainRun(dataset, quickSettings('straight', settings), quiet());
    const stopping = cancelledWhen(({ stage, done }) => stage === 'Training' && done >= 10);
    await expect(trainRun(dataset, quickSettings('halves', settings), stopping)).rejects.toMatchObject({
      code: 'cancelled',
    });
    await resumeRun(dataset, 'halves', quiet());
    const stateOf = async (name: string): Promise<unknown> =>
      (await readCheckpoint(runPaths(dataset.paths, name).lastCheckpoint))?.state;
    expect(await stateOf('halves')).toEqual(await stateOf('straight'));
    expect(Object.keys((await stateOf('straight')) as object).some((name) => name.startsWith('velocity/'))).toBe(true);
  });
});
