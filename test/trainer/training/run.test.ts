import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { onnx } from 'onnx-proto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { KindredError } from '../../../src/rpc/errors';
import { DEFAULT_LOSSES } from '../../../src/trainer/training/choices';
import type { Dataset } from '../../../src/trainer/dataset/dataset';
import type { Engine } from '../../../src/trainer/engine/engine';
import { loadModel } from '../../../src/trainer/engine/inference';
import { onnxEngine } from '../../../src/trainer/engine/onnxEngine';
import { readCheckpoint } from '../../../src/trainer/training/checkpoint';
import { heldOutItems } from '../../../src/trainer/training/heldOut';
import { resumeRun, trainRun } from '../../../src/trainer/training/run';
import { deleteRun, listRuns, readMetrics, readRun, runPaths } from '../../../src/trainer/training/runStore';
import { makeReadOnly } from '../store/brokenDisk';
import { bundleScript } from './bundle';
import { cancelledWhen, quickSettings, quiet, shapeDataset } from './shapes';

// A run compiles two networks; on a busy machine that alone takes a while.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 60_000 });

let dataset: Dataset;
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ dataset, remove } = await shapeDataset(12, 4));
});
afterAll(() => remove());

/** The model's file, but for the name of the run, by which equal trainings may differ. */
async function modelOf(name: string): Promise<Buffer> {
  const model = onnx.ModelProto.decode(await readFile(runPaths(dataset.paths, name).model));
  model.metadataProps = model.metadataProps.filter(({ key }) => key !== 'run');
  return Buffer.from(onnx.ModelProto.encode(model).finish());
}
const stateOf = async (name: string) => (await readCheckpoint(runPaths(dataset.paths, name).lastCheckpoint))?.state;
/** Every tensor of the state as a digest: to compare millions of numbers one by one takes long. */
const digestOf = async (name: string): Promise<string[][]> =>
  Object.entries((await stateOf(name))!).map(([tensor, { shape, data }]) => [
    tensor,
    shape.join(),
    createHash('sha256').update(data).digest('hex'),
  ]);

/** The real engine, but its device is lost before the network is compiled. */
async function withoutDevice(): Promise<Engine> {
  const compile = (): Promise<never> =>
    Promise.reject(new KindredError('engine', 'The device was lost.', { remedy: 'Train on another device.' }));
  return { ...(await onnxEngine()), compile };
}

/** The real engine, but the loss is no number from a step on. */
async function poisoned(from: number): Promise<Engine> {
  const engine = await onnxEngine();
  return {
    ...engine,
    compile: async (program) => {
      const runner = await engine.compile(program);
      let steps = 0;
      return {
        setState: (values) => runner.setState(values),
        getState: () => runner.getState(),
        dispose: () => runner.dispose(),
        run: async (inputs) => {
          const outputs = await runner.run(inputs);
          if (!('loss' in outputs) || ++steps < from) return outputs;
          return { ...outputs, loss: { shape: [], data: Float32Array.of(NaN) } };
        },
      };
    },
  };
}

async function expectUsable(name: string): Promise<void> {
  const model = await loadModel(runPaths(dataset.paths, name).model);
  const images = { shape: [3, 32, 32, 3], data: Float32Array.from({ length: 3 * 32 * 32 * 3 }, (_, i) => (i % 7) / 7) };
  const { embeddings } = await model.run({ images });
  expect(embeddings.shape).toEqual([3, 16]);
  for (let row = 0; row < 3; row++) {
    expect(Math.hypot(...(embeddings.data as Float32Array).subarray(16 * row, 16 * row + 16))).toBeCloseTo(1, 4);
  }
  expect(model.metadata['imageSize']).toBe('32');
  await model.dispose();
}

describe('trainRun', () => {
  it('trains, measures, and leaves a run that can be used', async () => {
    const { report, seen, signal } = cancelledWhen(() => false);
    const run = await trainRun(dataset, quickSettings('whole', { budget: { steps: 30 } }), { report, signal });
    expect(run).toMatchObject({ name: 'whole', state: 'finished', step: 30, steps: 30 });
    expect(run.heldOut).toEqual({ by: 'class', classes: 3, items: 12 });
    expect(run.baselineRecallAt1).toBeGreaterThan(0);
    expect(run.best?.recallAt1).toBeGreaterThan(0.3);
    expect(run.device).toMatch(/CPU/);
    expect(await readRun(dataset.paths, 'whole')).toEqual(JSON.parse(JSON.stringify(run)));
    const metrics = await readMetrics(dataset.paths, 'whole');
    expect(metrics.map(({ step }) => step)).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
    expect(metrics.filter(({ recallAt1 }) => recallAt1 !== undefined)).toHaveLength(10);
    expect(metrics[29].loss).toBeLessThan(metrics[0].loss);
    const last = seen.at(-1);
    expect(last).toMatchObject({ stage: 'Training', done: 30, total: 30, unit: 'steps', run: 'whole', secondsLeft: 0 });
    expect(last?.metrics?.recallAt1).toBeDefined();
    await expectUsable('whole');
    const heldOut = await heldOutItems(dataset, 'whole');
    expect(heldOut.items).toHaveLength(12);
  });

  it('tells the parts of a sum of losses, which add up to it, and of no other loss', async () => {
    const parts = [
      { weight: 0.5, loss: DEFAULT_LOSSES['nt-xent'] },
      { weight: 2, loss: DEFAULT_LOSSES['proxy-anchor'] },
    ];
    await trainRun(dataset, quickSettings('parts', { loss: { kind: 'sum', parts }, budget: { steps: 3 } }), quiet());
    const metrics = await readMetrics(dataset.paths, 'parts');
    expect(metrics).toHaveLength(3);
    for (const { loss, lossParts = [] } of metrics) {
      expect(lossParts).toHaveLength(2);
      expect(Math.min(...lossParts)).toBeGreaterThan(0);
      expect(lossParts[0] + lossParts[1]).toBeCloseTo(loss, 4);
    }
    expect((await readMetrics(dataset.paths, 'whole'))[0]).not.toHaveProperty('lossParts');
  });

  it('gives the same bytes for the same seed, and others for another', async () => {
    await trainRun(dataset, quickSettings('same-1'), quiet());
    await trainRun(dataset, quickSettings('same-2'), quiet());
    await trainRun(dataset, quickSettings('other', { seed: 8 }), quiet());
    expect((await modelOf('same-1')).equals(await modelOf('same-2'))).toBe(true);
    expect((await modelOf('same-1')).equals(await modelOf('other'))).toBe(false);
    const curve = async (name: string) =>
      (await readMetrics(dataset.paths, name)).map(({ loss, recallAt1 }) => [loss, recallAt1]);
    expect(await curve('same-1')).toEqual(await curve('same-2'));
  });

  it('stopped and resumed, comes bit for bit to where it would have come', async () => {
    await trainRun(dataset, quickSettings('straight', { budget: { steps: 40 } }), quiet());
    const stopping = cancelledWhen(({ stage, done }) => stage === 'Training' && done >= 20);
    const stopped = trainRun(dataset, quickSettings('halves', { budget: { steps: 40 } }), stopping);
    await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
    const half = await readRun(dataset.paths, 'halves');
    expect(half.state).toBe('stopped');
    expect(half.step).toBeGreaterThanOrEqual(20);
    expect(half.step).toBeLessThan(40);
    await expectUsable('halves');
    const run = await resumeRun(dataset, 'halves', quiet());
    expect(run).toMatchObject({ state: 'finished', step: 40 });
    expect(await digestOf('halves')).toEqual(await digestOf('straight'));
    expect((await modelOf('halves')).equals(await modelOf('straight'))).toBe(true);
    const straight = await readMetrics(dataset.paths, 'straight');
    const halves = await readMetrics(dataset.paths, 'halves');
    const essence = (metrics: typeof halves) => metrics.map(({ step, loss, recallAt1 }) => [step, loss, recallAt1]);
    expect(essence(halves)).toEqual(essence(straight));
  });

  it('turns minutes into steps that can be repeated', async () => {
    const run = await trainRun(dataset, quickSettings('minutes', { budget: { minutes: 0.05 } }), quiet());
    expect(run.steps).toBeGreaterThanOrEqual(10);
    expect(run).toMatchObject({ state: 'finished', step: run.steps });
    await trainRun(dataset, quickSettings('steps', { budget: { steps: run.steps } }), quiet());
    expect(await digestOf('steps')).toEqual(await digestOf('minutes'));
  });

  it('stopped before its first step, leaves nothing', async () => {
    const stopping = cancelledWhen(() => true);
    await expect(trainRun(dataset, quickSettings('never'), stopping)).rejects.toMatchObject({ code: 'cancelled' });
    expect((await listRuns(dataset.paths)).map(({ name }) => name)).not.toContain('never');
    await trainRun(dataset, quickSettings('never', { budget: { steps: 1 } }), quiet());
  });

  it('stops with a clear message when the loss is no number, and keeps the checkpoint before', async () => {
    const broken = trainRun(dataset, quickSettings('nan'), quiet(), {
      engine: await poisoned(6),
    });
    await expect(broken).rejects.toThrow(/no longer a number/);
    const run = await readRun(dataset.paths, 'nan');
    expect(run.state).toBe('failed');
    expect(run.failure?.message).toMatch(/no longer a number after 5 steps/);
    expect(run.failure?.remedy).toMatch(/smaller learning rate/);
    const state = await stateOf('nan');
    expect(Object.values(state ?? {}).every(({ data }) => data.every(Number.isFinite))).toBe(true);
  });

  it('failed before its first step, stays, tells why, and begins again when it is resumed', async () => {
    const lost = trainRun(dataset, quickSettings('lost'), quiet(), { engine: await withoutDevice() });
    await expect(lost).rejects.toMatchObject({ code: 'engine' });
    const failure = { message: 'The device was lost.', remedy: 'Train on another device.' };
    expect(await readRun(dataset.paths, 'lost')).toMatchObject({ state: 'failed', step: 0, failure });
    expect((await listRuns(dataset.paths)).find(({ name }) => name === 'lost')?.failure).toEqual(failure);
    expect(await resumeRun(dataset, 'lost', quiet())).toMatchObject({ state: 'finished', step: 12 });
    expect(await readRun(dataset.paths, 'lost')).not.toHaveProperty('failure');
    await trainRun(dataset, quickSettings('found'), quiet());
    expect(await digestOf('lost')).toEqual(await digestOf('found'));
  });

  it('tells of a full disk, and goes on from the start when no checkpoint was written', async () => {
    const restore = makeReadOnly(path.dirname(runPaths(dataset.paths, 'full').lastCheckpoint), 'ENOSPC');
    await expect(trainRun(dataset, quickSettings('full'), quiet())).rejects.toMatchObject({ code: 'disk-full' });
    const { state, failure } = await readRun(dataset.paths, 'full');
    expect(state).toBe('failed');
    expect(failure?.message).toMatch(/no room left/);
    expect(failure?.remedy).toMatch(/Free some space/);
    restore();
    expect(await resumeRun(dataset, 'full', quiet())).toMatchObject({ state: 'finished', step: 12 });
    expect((await readMetrics(dataset.paths, 'full')).map(({ step }) => step)).toEqual(
      Array.from({ length: 12 }, (_, i) => i + 1),
    );
  });

  it.each([
    ['triplet, semi-hard', { kind: 'triplet', margin: 0.2, miner: 'semi-hard' }],
    ['triplet, batch-hard', { kind: 'triplet', margin: 0.2, miner: 'batch-hard' }],
    ['contrastive', { kind: 'contrastive', positiveMargin: 0, negativeMargin: 1 }],
  ] as const)('trains with the loss %s', async (name, loss) => {
    const safe = name.replaceAll(/[ ,]+/g, '-');
    const run = await trainRun(dataset, quickSettings(safe, { loss, budget: { steps: 4 }, holdOut: 'item' }), quiet());
    expect(run.state).toBe('finished');
    expect(run.heldOut.by).toBe('item');
    const metrics = await readMetrics(dataset.paths, safe);
    expect(metrics.every(({ loss: value, activeShare }) => value > 0 && activeShare > 0)).toBe(true);
  });

  it('refuses a name that is taken, and settings that cannot be', async () => {
    await trainRun(dataset, quickSettings('taken', { budget: { steps: 1 } }), quiet());
    await expect(trainRun(dataset, quickSettings('taken'), quiet())).rejects.toMatchObject({
      code: 'invalid-argument',
      message: expect.stringContaining('"taken"') as string,
    });
    const none = trainRun(dataset, quickSettings('none', { budget: { steps: 0 } }), quiet());
    await expect(none).rejects.toThrow(/budget\.steps.*whole number from 1/);
    await expect(resumeRun(dataset, 'taken', quiet())).rejects.toThrow(/finished/);
    await expect(resumeRun(dataset, 'nothing', quiet())).rejects.toMatchObject({ code: 'not-found' });
    await expect(resumeRun(dataset, '../..', quiet())).rejects.toMatchObject({ code: 'not-found' });
  });

  it('names a run that has no name, lists and deletes it', async () => {
    const run = await trainRun(dataset, quickSettings('', { budget: { steps: 1 } }), quiet());
    expect(run.name).toMatch(/^nt-xent-\d{8}-\d{6}$/);
    expect((await listRuns(dataset.paths)).map(({ name }) => name)).toContain(run.name);
    await deleteRun(dataset.paths, run.name);
    expect((await listRuns(dataset.paths)).map(({ name }) => name)).not.toContain(run.name);
    await expect(deleteRun(dataset.paths, run.name)).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('a process that is killed in the middle', () => {
  it('leaves an interrupted run that goes on from its checkpoint to the same end', async () => {
    const steps = 40;
    const script = await bundleScript(path.join(import.meta.dirname, 'trainInChild.ts'));
    const settings = quickSettings('killed', { budget: { steps } });
    const child = spawn(process.execPath, [script.file, dataset.paths.root, JSON.stringify(settings)]);
    let told = '';
    await new Promise<void>((resolve, reject) => {
      child.stdout.on('data', (data: Buffer) => {
        told += data.toString();
        if (/step 1\d\n/.test(told)) child.kill('SIGKILL');
      });
      child.stderr.on('data', (data: Buffer) => (told += data.toString()));
      child.on('exit', (_code, signal) => (signal === 'SIGKILL' ? resolve() : reject(new Error(told))));
    });
    expect(await readRun(dataset.paths, 'killed')).toMatchObject({ state: 'interrupted', steps });
    expect((await listRuns(dataset.paths)).find(({ name }) => name === 'killed')?.state).toBe('interrupted');
    // As if killed in the middle of a line.
    const { metrics } = runPaths(dataset.paths, 'killed');
    await writeFile(metrics, `${await readFile(metrics, 'utf8')}{"step": 9`);
    expect(await resumeRun(dataset, 'killed', quiet())).toMatchObject({ state: 'finished', step: steps });
    await trainRun(dataset, quickSettings('unharmed', { budget: { steps } }), quiet());
    expect(await digestOf('killed')).toEqual(await digestOf('unharmed'));
    expect((await modelOf('killed')).equals(await modelOf('unharmed'))).toBe(true);
    const lines = await readMetrics(dataset.paths, 'killed');
    expect(lines.map(({ step }) => step)).toEqual(Array.from({ length: steps }, (_, i) => i + 1));
    await script.remove();
  });
});
