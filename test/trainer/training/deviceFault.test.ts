import { readFile } from 'node:fs/promises';
import { onnx } from 'onnx-proto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { KindredError } from '../../../src/rpc/errors';
import type { Dataset } from '../../../src/trainer/dataset/dataset';
import type { Engine, Runner } from '../../../src/trainer/engine/engine';
import { onnxEngine } from '../../../src/trainer/engine/onnxEngine';
import { readCheckpoint } from '../../../src/trainer/training/checkpoint';
import { trainRun } from '../../../src/trainer/training/run';
import { readMetrics, readRun, runPaths } from '../../../src/trainer/training/runStore';
import { cancelledWhen, quickSettings, quiet, shapeDataset } from './shapes';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 60_000 });

let dataset: Dataset;
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ dataset, remove } = await shapeDataset(12, 4));
});
afterAll(() => remove());

const LOST = 'ONNX Runtime failed: WebGPU device lost (2): the driver was reset';
const FULL =
  'ONNX Runtime failed: WebGPU validation failed. [Invalid Buffer (unlabeled)] is invalid due to a previous error.';

/** The real engine under the name of a graphics card, which fails for good in the training step after `steps`. */
async function failing(steps: number, text: string): Promise<Engine> {
  const engine = await onnxEngine();
  const lost = { is: false };
  const guarded = async <T>(f: () => Promise<T>): Promise<T> => {
    if (lost.is) throw new KindredError('engine', text);
    return f();
  };
  const compile = async (program: Parameters<Engine['compile']>[0]): Promise<Runner> => {
    const runner = await guarded(() => engine.compile(program));
    let done = 0;
    return {
      setState: (values) => runner.setState(values),
      getState: () => guarded(() => runner.getState()),
      dispose: () => runner.dispose().then(() => guarded(() => Promise.resolve())),
      run: (inputs) => {
        if (program.name === 'training step' && done++ >= steps) lost.is = true;
        return guarded(() => runner.run(inputs));
      },
    };
  };
  return { ...engine, compile, device: 'Card (WebGPU)', accelerator: 'webgpu' };
}

/** The model's file, but for the name of the run. */
async function modelOf(name: string): Promise<Buffer> {
  const model = onnx.ModelProto.decode(await readFile(runPaths(dataset.paths, name).model));
  model.metadataProps = model.metadataProps.filter(({ key }) => key !== 'run');
  return Buffer.from(onnx.ModelProto.encode(model).finish());
}

const settings = (name: string) => quickSettings(name, { budget: { steps: 30 } });

describe('a training whose device fails', () => {
  it('goes on with the CPU from the last checkpoint, and comes to where it would have come', async () => {
    const { report, seen, signal } = cancelledWhen(() => false);
    const run = await trainRun(dataset, settings('lost'), { report, signal }, { engine: await failing(20, LOST) });
    expect(run).toMatchObject({ state: 'finished', step: 30, steps: 30 });
    expect(run.device).toMatch(/^CPU/);
    expect(run.deviceFault?.message).toBe('Card (WebGPU) was lost, so the CPU went on.');
    expect(seen.map(({ stage }) => stage)).toContain(run.deviceFault?.message);
    const stored = await readRun(dataset.paths, 'lost');
    expect(stored.deviceFault).toEqual(run.deviceFault);
    expect(stored.failure).toBeUndefined();
    const steps = (await readMetrics(dataset.paths, 'lost')).map(({ step }) => step);
    expect(steps).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
    // The card was the CPU in truth, so that not a bit may differ.
    const whole = await trainRun(dataset, settings('whole'), quiet());
    expect(whole.deviceFault).toBeUndefined();
    expect(whole.deviceReason).toMatch(/\.$/);
    expect((await readRun(dataset.paths, 'whole')).deviceReason).toBe(whole.deviceReason);
    expect((await modelOf('lost')).equals(await modelOf('whole'))).toBe(true);
    const stateOf = async (name: string) => (await readCheckpoint(runPaths(dataset.paths, name).lastCheckpoint))?.state;
    expect(await stateOf('lost')).toEqual(await stateOf('whole'));
  });

  it('begins again with the CPU when it has no checkpoint yet', async () => {
    const run = await trainRun(dataset, settings('full'), quiet(), { engine: await failing(0, FULL) });
    expect(run).toMatchObject({ state: 'finished', step: 30 });
    expect(run.deviceFault?.message).toBe('Card (WebGPU) ran out of memory, so the CPU went on.');
  });

  it('fails as ever when the CPU fails', async () => {
    const engine = await failing(5, LOST);
    const cpu: Engine = { name: engine.name, device: 'CPU', compile: (program) => engine.compile(program) };
    await expect(trainRun(dataset, settings('cpu'), quiet(), { engine: cpu })).rejects.toThrow(LOST);
    expect((await readRun(dataset.paths, 'cpu')).state).toBe('failed');
  });
});
