import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { exportModel } from '../../../../src/trainer/engine/inference';
import { Random } from '../../../../src/trainer/random';
import { inferenceProgram, initialWeights } from '../../../../src/trainer/training/step';
import { bundleScript } from '../../training/bundle';
import { LOSSES, MODELS, settingsOf } from '../eager/trainOn';
import type { Printed } from './embedAndCompare';

const REFUSE = path.join(import.meta.dirname, 'refuseNative.cjs');
let folder: string;
let model: string;
let script: Awaited<ReturnType<typeof bundleScript>>;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'kindred-'));
  model = path.join(folder, 'model.onnx');
  const settings = settingsOf(MODELS[0], LOSSES[0]);
  await writeFile(model, exportModel(inferenceProgram(settings), initialWeights(settings, new Random(5)), {}));
  script = await bundleScript(path.join(import.meta.dirname, 'embedAndCompare.ts'));
});

afterAll(async () => {
  await script.remove();
  await rm(folder, { recursive: true });
});

async function run(env: Record<string, string>): Promise<Printed> {
  const { stdout } = await promisify(execFile)(process.execPath, [script.file, model], {
    env: { ...process.env, KINDRED_TENSORFLOW: folder, ...env },
  });
  return JSON.parse(stdout) as Printed;
}

it('embeds, compares and trains the same where the native library cannot be loaded', { timeout: 180_000 }, async () => {
  const withNatives = await run({});
  const without = await run({ NODE_OPTIONS: `--require ${JSON.stringify(REFUSE)}` });
  expect(withNatives.nativeProblem).toBeNull();
  expect(without.nativeProblem).toMatch(/^refused: .*onnxruntime_binding\.node$/);
  expect(without.embeddings.length).toBe(10 * 8);
  without.embeddings.forEach((value, i) => expect(value).toBeCloseTo(withNatives.embeddings[i], 5));
  expect(without.indices).toEqual(withNatives.indices);
  expect(withNatives.engine).toBe('onnx');
  expect(without.engine).toBe('wasm');
  expect(without.reason).toMatch(/ONNX Runtime cannot be loaded here: refused/);
  without.losses.forEach((loss, i) => expect(loss).toBeCloseTo(withNatives.losses[i], 3));
});
