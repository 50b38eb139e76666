import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { probeDevice } from '../../../src/trainer/engine/devices/probe';
import { forgetTrials, tryDevices } from '../../../src/trainer/engine/devices/trials';
import { selectEngine } from '../../../src/trainer/engine/select';
import { wishFrom } from '../../../src/trainer/engine/wish';
import { mayHaveGraphicsCard } from '../../../src/trainer/engine/devices/graphicsCards';
import { useSoftwareGpu } from './softwareGpu';

vi.setConfig({ testTimeout: 120_000 });

const hasCard = await mayHaveGraphicsCard();
const hasSoftware = useSoftwareGpu();
if (!hasSoftware)
  console.warn('Skipped: there is no SwiftShader, the graphics card in software that comes with Chromium.');

beforeEach(forgetTrials);
afterEach(() => void vi.unstubAllEnvs());

describe('what the settings wish', () => {
  it('is auto when they say nothing', () => {
    expect(wishFrom({})).toEqual({ engine: 'auto', device: 'auto' });
    expect(wishFrom({ KINDRED_ENGINE: '', KINDRED_DEVICE: 'auto' })).toEqual({ engine: 'auto', device: 'auto' });
  });

  it('is an engine and a device by name, and nothing else', () => {
    expect(wishFrom({ KINDRED_ENGINE: 'wasm', KINDRED_DEVICE: 'cpu' })).toEqual({ engine: 'wasm', device: 'cpu' });
    expect(() => wishFrom({ KINDRED_DEVICE: 'gpu' })).toThrow(/There is no device "gpu"/);
    expect(() => wishFrom({ KINDRED_ENGINE: 'torch' })).toThrow(/There is no engine "torch"/);
  });
});

describe('the engine', () => {
  it('is ONNX Runtime on the CPU when that is asked for, and nothing is tried', async () => {
    const { engine, report } = await selectEngine({ engine: 'onnx', device: 'cpu' });
    expect(engine.name).toBe('onnx');
    expect(report).toMatchObject({ engine: 'onnx', device: 'cpu', tried: [] });
    expect(report.deviceName).toMatch(/^CPU, \d+ threads?$/);
  });

  it("is TensorFlow.js's own backend when that is asked for", async () => {
    const { engine, report } = await selectEngine({ engine: 'cpu', device: 'auto' });
    expect(engine.name).toBe('cpu');
    expect(report).toMatchObject({ engine: 'cpu', device: 'cpu' });
  });

  it('refuses a pair that cannot be', async () => {
    await expect(selectEngine({ engine: 'wasm', device: 'webgpu' })).rejects.toMatchObject({
      code: 'invalid-argument',
    });
  });

  it('refuses a device that is not in the package for this platform', async () => {
    const device = process.platform === 'darwin' ? 'dml' : 'coreml';
    const wish = { engine: 'onnx', device } as const;
    await expect(selectEngine(wish)).rejects.toMatchObject({ code: 'engine', remedy: expect.any(String) as string });
  });

  it.skipIf(hasCard)('is found quickly where there is no graphics card', async () => {
    const reports: string[] = [];
    const { report } = await selectEngine(
      { engine: 'auto', device: 'auto' },
      { report: ({ stage }) => void reports.push(stage) },
    );
    expect(report).toMatchObject({ engine: 'onnx', device: 'cpu' });
    expect(report.tried.map(({ outcome }) => outcome)).toEqual(report.tried.map(() => 'no graphics card was found'));
    // Nothing was started to look for one.
    expect(reports).toEqual([]);
  });
});

describe('a probing process', () => {
  it('measures the CPU, and gives the same numbers each time', async () => {
    const task = { device: 'cpu', threads: 2, size: 'small' } as const;
    const [first, second] = [await probeDevice(task), await probeDevice(task)];
    if (first.answer.kind !== 'measured' || second.answer.kind !== 'measured') throw new Error('It was not measured.');
    expect(first.answer.milliseconds).toBeGreaterThan(0);
    expect(first.answer.values).toEqual(second.answer.values);
    expect(first.answer.values['output/loss'].data[0]).toBeGreaterThan(0);
  });

  it('that hangs is given up', async () => {
    const { answer } = await probeDevice({ device: 'cpu', threads: 1, size: 'full' }, { patience: 1 });
    expect(answer).toEqual({ kind: 'crashed', how: 'no answer in 0.001 s' });
  });

  it('that crashes does not take this process with it', async () => {
    // Node ends as a driver's crash would end it: without an answer.
    const environmentOfCrash = { NODE_OPTIONS: '--max-old-space-size=2' };
    const task = { device: 'cpu', threads: 1, size: 'full' } as const;
    const { answer } = await probeDevice(task, { environment: environmentOfCrash });
    expect(answer.kind).toBe('crashed');
  });

  it('ends when the person stops', async () => {
    const controller = new AbortController();
    const probing = probeDevice({ device: 'cpu', threads: 1, size: 'full' }, { signal: controller.signal });
    controller.abort();
    await expect(probing).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe.runIf(hasSoftware)('a software renderer', () => {
  it('is no graphics card, whoever asks, although the system has a card that has no driver', async () => {
    vi.stubEnv('KINDRED_ALLOW_SOFTWARE_GPU', undefined);
    const systemDevices = await mkdtemp(path.join(tmpdir(), 'kindred-devices-'));
    await mkdir(path.join(systemDevices, 'dri'));
    await writeFile(path.join(systemDevices, 'dri/renderD128'), '');
    const trials = await tryDevices({ threads: 1, systemDevices }, () => undefined);
    await rm(systemDevices, { recursive: true });
    expect(trials.find(({ device }) => device === 'cpu')).toMatchObject({ isUsable: true });
    expect(trials.find(({ device }) => device === 'webgpu')).toMatchObject({
      isUsable: false,
      outcome: 'only a software renderer, which is no graphics card',
    });
    const wish = { engine: 'onnx', device: 'webgpu' } as const;
    await expect(selectEngine(wish)).rejects.toMatchObject({ code: 'engine' });
  });

  it('is used when a test asks for it by name, and agrees with the CPU', async () => {
    const { engine, report } = await selectEngine({ engine: 'onnx', device: 'webgpu' });
    expect(engine).toMatchObject({ name: 'onnx', accelerator: 'webgpu', device: 'software renderer (WebGPU)' });
    expect(report.tried).toHaveLength(1);
    expect(report.tried[0].outcome).toMatch(/ms a step/);
  });
});
