import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Dataset } from '../../../src/trainer/dataset/dataset';
import { readCheckpoint } from '../../../src/trainer/training/checkpoint';
import { RunControl } from '../../../src/trainer/training/control';
import { controlRun } from '../../../src/trainer/training/controlRun';
import { learningRateAt, rateFactorAt, withRateChange } from '../../../src/trainer/training/learningRate';
import { resumeRun, trainRun } from '../../../src/trainer/training/run';
import { readMetrics, readRecord, readRun, runPaths } from '../../../src/trainer/training/runStore';
import type { TrainingAction, TrainingProgress } from '../../../src/trainer/types/training';
import { bundleScript } from './bundle';
import { cancelledWhen, quickSettings, quiet, shapeDataset } from './shapes';

// A run compiles two networks; on a busy machine that alone takes a while.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let dataset: Dataset;
let remove: () => Promise<void>;
let script: Awaited<ReturnType<typeof bundleScript>>;

beforeAll(async () => {
  ({ dataset, remove } = await shapeDataset(12, 4));
  script = await bundleScript(path.join(import.meta.dirname, 'trainInChild.ts'));
});
afterAll(async () => {
  await script.remove();
  await remove();
});

const never = new AbortController().signal;
const steer = (run: string, action: TrainingAction): Promise<void> => controlRun(dataset.paths, run, action, never);

/** Every tensor of the last checkpoint as a digest. */
async function digestOf(name: string): Promise<string[][]> {
  const { state } = (await readCheckpoint(runPaths(dataset.paths, name).lastCheckpoint))!;
  return Object.entries(state).map(([tensor, { data }]) => [
    tensor,
    createHash('sha256')
      .update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
      .digest('hex'),
  ]);
}

/** Steers a run as soon as a step is reported; the steps go on meanwhile, so what is asked holds from a later one on. */
function steering(at: number, act: () => Promise<void>) {
  let acted: Promise<void> | undefined;
  const seen: TrainingProgress[] = [];
  const report = (progress: TrainingProgress): void => {
    seen.push(progress);
    if (progress.metrics && progress.metrics.step >= at) acted ??= act();
  };
  return { signal: never, report, seen, acted: () => acted };
}

describe('steering a training', () => {
  it('pauses with a checkpoint, waits, and goes on to the bytes of a run that was never paused', async () => {
    const settings = { budget: { steps: 40 } };
    let stepsAfterPause: number[] = [];
    let paused = 0;
    const context = steering(4, async () => {
      await steer('paused', { kind: 'pause' });
      const { step, ...run } = await readRun(dataset.paths, 'paused');
      expect(run).toMatchObject({ paused: true, state: 'running' });
      expect((await readCheckpoint(runPaths(dataset.paths, 'paused').lastCheckpoint))?.step).toBe(step);
      // Twice is once.
      await steer('paused', { kind: 'pause' });
      const reports = context.seen.length;
      const from = performance.now();
      await sleep(600);
      paused = performance.now() - from;
      stepsAfterPause = context.seen.slice(reports).flatMap(({ metrics }) => metrics?.step ?? []);
      await steer('paused', { kind: 'resume' });
      expect((await readRun(dataset.paths, 'paused')).paused).toBeUndefined();
    });
    const began = performance.now();
    const summary = await trainRun(dataset, quickSettings('paused', settings), context);
    const whole = performance.now() - began;
    await context.acted();
    expect(summary).toMatchObject({ state: 'finished', step: 40 });
    expect(stepsAfterPause).toEqual([]);
    expect(context.seen.filter((progress) => progress.paused === true)).toHaveLength(1);
    await trainRun(dataset, quickSettings('steady', settings), quiet());
    expect(await digestOf('paused')).toEqual(await digestOf('steady'));
    // The clock of the run stands while it is paused.
    const { seconds } = (await readMetrics(dataset.paths, 'paused')).at(-1)!;
    expect(1000 * seconds).toBeLessThanOrEqual(whole - paused);
  });

  it('is killed while it is paused, by another process, and loses nothing', async () => {
    const settings = quickSettings('killed', { budget: { steps: 100 } });
    const child = spawn(process.execPath, [script.file, dataset.paths.root, JSON.stringify(settings)]);
    await new Promise<void>((resolve) => {
      child.stdout.on('data', (data: Buffer) => data.toString().includes('step ') && resolve());
    });
    await steer('killed', { kind: 'pause' });
    const { step } = await readRun(dataset.paths, 'killed');
    expect(step).toBeGreaterThanOrEqual(1);
    expect(step).toBeLessThan(100);
    await sleep(300);
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    const left = await readRun(dataset.paths, 'killed');
    expect(left).toMatchObject({ state: 'interrupted', step });
    expect(left.paused).toBeUndefined();
    // What was asked of the dead process is not done by the next one.
    await writeFile(runPaths(dataset.paths, 'killed').control, JSON.stringify({ id: 'x', action: { kind: 'stop' } }));
    expect(await resumeRun(dataset, 'killed', quiet())).toMatchObject({ state: 'finished', step: 100 });
    await trainRun(dataset, quickSettings('unhurt', { budget: { steps: 100 } }), quiet());
    expect(await digestOf('killed')).toEqual(await digestOf('unhurt'));
    expect(existsSync(runPaths(dataset.paths, 'killed').control)).toBe(false);
  });

  it('changes the learning rate, and does the same again when it goes on from an earlier checkpoint', async () => {
    const settings = { budget: { steps: 50 }, schedule: { kind: 'constant', warmUp: 1 } as const };
    const context = steering(5, () => steer('faster', { kind: 'rate', factor: 0.25 }));
    const summary = await trainRun(dataset, quickSettings('faster', settings), context);
    await context.acted();
    const [change] = summary.rateChanges!;
    expect(change.factor).toBe(0.25);
    expect(change.step).toBeGreaterThanOrEqual(5);
    const lines = await readMetrics(dataset.paths, 'faster');
    const rates = lines.map(({ step, learningRate }) => [step, learningRate]);
    expect(rates).toEqual(lines.map(({ step }) => [step, step <= change.step ? 0.002 : 0.0005]));

    // Stopped before the change was made, and with the change already in its record: as after a kill.
    const early = cancelledWhen(({ metrics }) => metrics?.step === 1);
    await expect(trainRun(dataset, quickSettings('again', settings), early)).rejects.toMatchObject({
      code: 'cancelled',
    });
    const { record: file } = runPaths(dataset.paths, 'again');
    const record = await readRecord(dataset.paths, 'again');
    await writeFile(file, JSON.stringify({ ...record, rateChanges: summary.rateChanges }));
    await resumeRun(dataset, 'again', quiet());
    expect(await digestOf('again')).toEqual(await digestOf('faster'));
  });

  it('stops early and keeps the model', async () => {
    const context = steering(3, () => steer('short', { kind: 'stop' }));
    const training = trainRun(dataset, quickSettings('short', { budget: { steps: 5000 } }), context);
    await expect(training).rejects.toMatchObject({ code: 'cancelled' });
    await context.acted();
    expect((await readRun(dataset.paths, 'short')).state).toBe('stopped');
    expect(existsSync(runPaths(dataset.paths, 'short').model)).toBe(true);
  });

  it('stops while it is paused', async () => {
    const context = steering(3, async () => {
      await steer('asleep', { kind: 'pause' });
      await steer('asleep', { kind: 'stop' });
    });
    const training = trainRun(dataset, quickSettings('asleep', { budget: { steps: 5000 } }), context);
    await expect(training).rejects.toMatchObject({ code: 'cancelled' });
    await context.acted();
    const { state, paused } = await readRun(dataset.paths, 'asleep');
    expect({ state, paused }).toEqual({ state: 'stopped', paused: undefined });
  });

  it('refuses what cannot be asked', async () => {
    await expect(steer('short', { kind: 'pause' })).rejects.toMatchObject({ code: 'invalid-argument' });
    await expect(steer('nowhere', { kind: 'pause' })).rejects.toMatchObject({ code: 'invalid-argument' });
    for (const action of [
      undefined,
      { kind: 'delete' },
      { kind: 'rate' },
      { kind: 'rate', factor: 0 },
      { kind: 'rate', factor: Number.NaN },
    ]) {
      await expect(steer('short', action as TrainingAction)).rejects.toMatchObject({
        code: 'invalid-argument',
        remedy: expect.stringMatching(/^(Ask|Give) /) as string,
      });
    }
  });
});

describe('what is asked of a run', () => {
  it('is refused when the run ends before it was done, but a stop has come true', async () => {
    const control = new RunControl();
    const pause = control.ask({ kind: 'pause' });
    const stop = control.ask({ kind: 'stop' });
    control.close();
    await expect(pause).rejects.toMatchObject({ code: 'invalid-argument' });
    await stop;
    await expect(control.ask({ kind: 'resume' })).rejects.toMatchObject({ code: 'invalid-argument' });
  });
});

describe('the learning rate that a person changed', () => {
  const changes = [
    { step: 10, factor: 0.5 },
    { step: 30, factor: 2 },
  ];

  it('holds from the step on at which it was changed', () => {
    expect([0, 9, 10, 29, 30, 99].map((step) => rateFactorAt(changes, step))).toEqual([1, 1, 0.5, 0.5, 2, 2]);
    const settings = { learningRate: 0.1, schedule: { kind: 'constant', warmUp: 0 } as const };
    expect(learningRateAt(settings, changes, 40, 100)).toBeCloseTo(0.2, 12);
    expect(learningRateAt(settings, [], 40, 100)).toBe(0.1);
  });

  it('takes the place of changes of a future that will not come', () => {
    expect(withRateChange(changes, { step: 20, factor: 3 })).toEqual([changes[0], { step: 20, factor: 3 }]);
    expect(withRateChange(changes, { step: 30, factor: 1 })).toEqual([changes[0], { step: 30, factor: 1 }]);
  });
});
