import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Dataset } from '../../../../src/trainer/dataset/dataset';
import { computeEmbedding } from '../../../../src/trainer/embedding/compute';
import { importVectors } from '../../../../src/trainer/embedding/importVectors';
import { loadModel } from '../../../../src/trainer/engine/inference';
import { evaluate } from '../../../../src/trainer/evaluation/evaluate';
import { Random } from '../../../../src/trainer/random';
import { writeNpy } from '../../../../src/trainer/store/npy';
import { controlRun } from '../../../../src/trainer/training/controlRun';
import { exportRun } from '../../../../src/trainer/training/exportRun';
import { heldOutItems } from '../../../../src/trainer/training/heldOut';
import { resumeRun, trainRun } from '../../../../src/trainer/training/run';
import { readMetrics, readRun, runPaths } from '../../../../src/trainer/training/runStore';
import type { LinearMethod, TrainingSettings } from '../../../../src/trainer/types/training';
import { cancelledWhen, quickSettings, quiet, shapeDataset } from '../shapes';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const CLASSES = 10;
const PER_CLASS = 40;
const DIMS = 24;

let dataset: Dataset;
let remove: () => Promise<void>;
let scratch: string;

beforeAll(async () => {
  ({ dataset, remove } = await shapeDataset(CLASSES, PER_CLASS));
  scratch = await mkdtemp(path.join(tmpdir(), 'kindred-vectors-'));
  await imported('noisy', noisyRow);
  await imported('perfect', (label) => Array.from({ length: DIMS }, (_, k) => (k === label ? 1 : 0)));
});
afterAll(async () => {
  await remove();
  await rm(scratch, { recursive: true, force: true });
});

const hidden = Array.from({ length: CLASSES }, (_, label) => {
  const random = new Random(77).fork(String(label));
  return Array.from({ length: 8 }, () => random.normal());
});

/** What tells classes apart is in the first 8 numbers; the other 16 are louder, and say nothing. */
function noisyRow(label: number, random: Random): number[] {
  return Array.from({ length: DIMS }, (_, k) =>
    k < 8 ? hidden[label][k] + 0.35 * random.normal() : 2 * random.normal(),
  );
}

async function imported(name: string, make: (label: number, random: Random) => number[]): Promise<void> {
  const random = new Random(4);
  const data = new Float32Array(dataset.items.count * DIMS);
  dataset.items.label.codes.forEach((label, item) => data.set(make(label, random), item * DIMS));
  const file = path.join(scratch, `${name}.npy`);
  await writeNpy(file, { data, shape: [dataset.items.count, DIMS] });
  await importVectors(dataset, name, file, quiet());
}

function settings(name: string, changes: Partial<TrainingSettings> = {}): TrainingSettings {
  return quickSettings(name, {
    features: 'vectors:noisy',
    embeddingSize: 20,
    loss: { kind: 'normalised-softmax', temperature: 0.1, proxyRate: 10 },
    batch: { classes: 8, perClass: 4 },
    learningRate: 1e-2,
    budget: { steps: 120 },
    ...changes,
  });
}

describe('a head on frozen features', () => {
  it('learns what tells classes apart, and says so', async () => {
    const run = await trainRun(dataset, settings('head', { holdOut: 'item' }), quiet());
    expect(run).toMatchObject({ state: 'finished', step: 120 });
    expect(run.heldOut).toMatchObject({ by: 'item', classes: CLASSES, items: 100 });
    expect(run.best!.recallAt1).toBeGreaterThan(run.baselineRecallAt1! + 0.1);
    expect(run.verdict).toMatchObject({ isBetter: true });
    expect(run.verdict!.words).toContain(`${(100 * run.best!.recallAt1).toFixed(1)}% with the head`);
    expect(run.verdict!.words).toContain(`${(100 * run.baselineRecallAt1!).toFixed(1)}% with the frozen features`);
    expect(await readRun(dataset.paths, 'head')).toEqual(JSON.parse(JSON.stringify(run)));
  });

  it('says when it does not beat the frozen features', async () => {
    const run = await trainRun(dataset, settings('perfect', { features: 'vectors:perfect', holdOut: 'item' }), quiet());
    expect(run.baselineRecallAt1).toBe(1);
    expect(run.verdict).toMatchObject({ isBetter: false });
    expect(run.verdict!.words).toContain('does not beat');
    expect(run.verdict!.words).toContain('100.0%');
  });

  it.each(['pca', 'whitening', 'lda', 'nca', 'lmnn', 'itml', 'mmc'] satisfies LinearMethod[])(
    'is computed at once by %s',
    async (method) => {
      // On classes that it never saw.
      const run = await trainRun(dataset, settings(method, { model: { kind: 'linear', method } }), quiet());
      expect(run).toMatchObject({ state: 'finished', step: 1, steps: 1 });
      if (method === 'lda') expect(run.best!.recallAt1).toBeGreaterThan(run.baselineRecallAt1! + 0.1);
      else expect(run.best!.recallAt1).toBeGreaterThan(0.2);
      expect(run.verdict).toBeDefined();
      const { dims } = await computeEmbedding(dataset, `run:${method}`, quiet());
      expect(dims).toBe(20);
    },
  );

  it('that is computed at once cannot be paused meanwhile, nor its rate changed, and says why', async () => {
    const asked: Promise<unknown>[] = [];
    const report = ({ stage, run }: { readonly stage: string; readonly run: string }): void => {
      if (stage !== 'Computing the linear layer' || asked.length > 0) return;
      for (const action of [{ kind: 'pause' }, { kind: 'rate', factor: 2 }] as const) {
        const refused = controlRun(dataset.paths, run, action, quiet().signal);
        asked.push(expect(refused).rejects.toThrow('computes its linear layer at once'));
      }
    };
    const fitted = settings('unpaused', { model: { kind: 'linear', method: 'nca' } });
    expect(await trainRun(dataset, fitted, { ...quiet(), report })).toMatchObject({ state: 'finished' });
    expect(asked).toHaveLength(2);
    await Promise.all(asked);
  });

  it('can be a multilayer perceptron', async () => {
    const model = { kind: 'mlp', width: 32, depth: 1, dropout: 0.1 } as const;
    const run = await trainRun(dataset, settings('mlp', { model, budget: { steps: 300 } }), quiet());
    expect(run.best!.recallAt1).toBeGreaterThan(0.3);
    const { data } = await computeEmbedding(dataset, 'run:mlp', quiet());
    expect(Math.hypot(...data.subarray(0, 20))).toBeCloseTo(1, 4);
  });

  it('embeds by the base embedding and then the head', async () => {
    const base = await computeEmbedding(dataset, 'vectors:noisy', quiet());
    const made = await computeEmbedding(dataset, 'run:head', quiet());
    const model = await loadModel(runPaths(dataset.paths, 'head').model);
    expect(model.metadata['features']).toBe('vectors:noisy');
    const { embeddings } = await model.run({ vectors: { shape: [base.rows, DIMS], data: base.data } });
    await model.dispose();
    expect(made.data).toHaveLength(embeddings.data.length);
    made.data.forEach((value, i) => expect(Math.abs(value - embeddings.data[i])).toBeLessThan(1e-5));
  });

  it('works on descriptors and on a head, and is evaluated as any model', async () => {
    const chain = settings('on-descriptor', { features: 'descriptor', budget: { steps: 40 }, learningRate: 1e-3 });
    const first = await trainRun(dataset, chain, quiet());
    const second = settings('on-run', { features: 'run:on-descriptor', model: { kind: 'linear', method: 'lda' } });
    const run = await trainRun(dataset, second, quiet());
    // Its features are what the first run makes, measured on the same items: held out by the same seed.
    expect(run.baselineRecallAt1).toBeCloseTo(first.best!.recallAt1, 6);
    const report = await evaluate(dataset, 'run:on-run', quiet());
    const row = report.rows.find(({ model }) => model === 'run:on-run');
    expect(row!.recallAt1).toBeCloseTo(run.best!.recallAt1, 6);
    expect((await heldOutItems(dataset, 'on-run')).items).toHaveLength(3 * PER_CLASS);
  });

  it('gives the same bytes for the same seed', async () => {
    const rows = async (name: string): Promise<Float32Array> => {
      await trainRun(dataset, settings(name, { budget: { steps: 25 } }), quiet());
      return (await computeEmbedding(dataset, `run:${name}`, quiet())).data;
    };
    expect(await rows('same-1')).toEqual(await rows('same-2'));
  });

  it('stopped and resumed, comes to where it would have come', async () => {
    const stopping = cancelledWhen(({ stage, done }) => stage === 'Training' && done >= 10);
    const changes = { budget: { steps: 60 } };
    await expect(trainRun(dataset, settings('halves', changes), stopping)).rejects.toMatchObject({ code: 'cancelled' });
    await resumeRun(dataset, 'halves', quiet());
    await trainRun(dataset, settings('straight', changes), quiet());
    const curve = async (name: string) => (await readMetrics(dataset.paths, name)).map(({ loss }) => loss);
    expect(await curve('halves')).toEqual(await curve('straight'));
  });

  it('stops early when nothing better comes', async () => {
    const early = settings('early', {
      features: 'vectors:perfect',
      earlyStop: 2,
      budget: { steps: 100 },
      holdOut: 'item',
    });
    const run = await trainRun(dataset, early, quiet());
    // The first measure, after 10 steps, is perfect; two more are no better.
    expect(run).toMatchObject({ state: 'finished', step: 30, steps: 100, best: { step: 10, recallAt1: 1 } });
  });

  it('exports the model with a program for vectors', async () => {
    const file = path.join(scratch, 'head.onnx');
    const { snippet } = await exportRun(dataset, 'head', file);
    const text = await readFile(snippet, 'utf8');
    expect(text).toContain('"vectors"');
    expect(text).toContain('vectors:noisy');
    execFileSync('python3', ['-c', `import ast,sys; ast.parse(open(sys.argv[1]).read())`, snippet]);
  });
});

describe('refusals', () => {
  const refused = async (changes: Partial<TrainingSettings>, code: string, words: RegExp): Promise<void> => {
    const training = trainRun(dataset, settings('refused', changes), quiet());
    await expect(training).rejects.toMatchObject({ code });
    await expect(training).rejects.toThrow(words);
    // Told before anything is written.
    await expect(readRun(dataset.paths, 'refused')).rejects.toMatchObject({ code: 'not-found' });
  };

  it('names features that are not there', async () => {
    await refused({ features: 'vectors:nothing' }, 'not-found', /vectors "nothing"/);
    await refused({ features: 'run:nothing' }, 'not-found', /nothing/);
    await refused({ features: 'nonsense' as never }, 'invalid-argument', /features/);
  });

  it('takes no model for images on features, and no closed form without', async () => {
    await refused({ model: { kind: 'convnet' } }, 'invalid-argument', /convnet/);
    const images = quickSettings('refused', { model: { kind: 'linear', method: 'lda' } });
    await expect(trainRun(dataset, images, quiet())).rejects.toThrow(/lda/);
  });

  it('tells that the features have changed since the head was trained', async () => {
    await trainRun(dataset, settings('base', { budget: { steps: 5 } }), quiet());
    await trainRun(dataset, settings('on-base', { features: 'run:base', budget: { steps: 5 } }), quiet());
    await writeFile(runPaths(dataset.paths, 'base').model, await readFile(runPaths(dataset.paths, 'head').model));
    await expect(computeEmbedding(dataset, 'run:on-base', quiet())).rejects.toThrow(/other features/);
  });
});
