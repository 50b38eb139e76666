import { setTimeout as sleep } from 'node:timers/promises';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { Engine, Program } from '../../../../src/trainer/engine/engine';
import { wasmEngine } from '../../../../src/trainer/engine/wasmEngine';
import { Random } from '../../../../src/trainer/random';
import { initialState, trainingStep } from '../../../../src/trainer/training/step';
import { expectReproducible, expectSameTraining, inputsOf, LOSSES, MODELS, settingsOf } from './training';

const [NT_XENT] = LOSSES;
const [CONVNET] = MODELS;
const engine: Engine = await wasmEngine();

it('tells its name and device', () => {
  expect(engine.name).toBe('wasm');
  expect(engine.device).toMatch(/WebAssembly/);
});

describe('training on it', () => {
  it.each(LOSSES)('is the same as on the CPU backend with %o', { timeout: 120_000 }, async (loss) => {
    await expectSameTraining(engine, settingsOf(CONVNET, loss));
  });

  it.each(MODELS)('is the same as on the CPU backend with %o', { timeout: 120_000 }, async (model) => {
    await expectSameTraining(engine, settingsOf(model, NT_XENT));
  });

  it('gives the same bits each time', { timeout: 120_000 }, async () => {
    await expectReproducible(engine, settingsOf(CONVNET, NT_XENT, { imageSize: 32, batchSize: 8 }));
  });

  it('leaves the calling thread free, and gives the state and refuses as it should', async () => {
    const settings = settingsOf(CONVNET, NT_XENT, { imageSize: 64, batchSize: 16 });
    const program = trainingStep(settings);
    const runner = await engine.compile(program);
    await expect(runner.run(inputsOf(program, 0))).rejects.toThrow(/before its state was set/);
    const state = initialState(settings, new Random(1));
    runner.setState(state);
    let turns = 0;
    const running = runner.run(inputsOf(program, 0)).finally(() => (turns = -turns));
    while (turns >= 0 && turns < 1000) {
      await sleep(1);
      if (turns >= 0) turns++;
    }
    await running;
    expect(-turns).toBeGreaterThan(10);
    const { labels } = inputsOf(program, 0);
    await expect(runner.run({ labels })).rejects.toThrow(/lack/);
    expect(await runner.getState()).not.toEqual(state);
    runner.setState(state);
    expect(await runner.getState()).toEqual(state);
    await runner.dispose();
    await expect(runner.getState()).rejects.toThrow(/disposed of/);
  });
});

describe('a program without a recipe', () => {
  const program: Program = {
    name: 'sums',
    state: { total: { shape: [2], dtype: 'float32' }, still: { shape: [1], dtype: 'float32' } },
    inputs: { x: { shape: [1000, 2], dtype: 'float32' } },
    run: ({ total, still }, { x }) => ({
      state: { total: tf.add(total, tf.sum(tf.mul(x, 2), 0)), still },
      outputs: { largest: tf.max(x) },
    }),
  };
  const x = { shape: [1000, 2], data: Float32Array.from({ length: 2000 }, (_, i) => i % 2) };

  it('runs in this thread, and its memory does not grow', async () => {
    const runner = await engine.compile(program);
    const initial = { shape: [1], data: Float32Array.of(3) };
    runner.setState({ total: { shape: [2], data: Float32Array.of(0, 0) }, still: initial });
    await runner.run({ x });
    const before = tf.memory();
    for (let i = 0; i < 20; i++) expect((await runner.run({ x }))['largest'].data[0]).toBe(1);
    const after = tf.memory();
    expect([after.numTensors, after.numDataBuffers]).toEqual([before.numTensors, before.numDataBuffers]);
    const { total, still } = await runner.getState();
    expect([...total.data]).toEqual([0, 21 * 2000]);
    expect([...still.data]).toEqual([3]);
    await runner.dispose();
    expect(tf.memory().numTensors).toBe(before.numTensors - 2);
  });

  it('keeps its state when a run fails', async () => {
    let fails = true;
    const runner = await engine.compile({
      ...program,
      run: (state, inputs) => {
        const result = program.run(state, inputs);
        if (fails) throw new Error('in the middle');
        return result;
      },
    });
    runner.setState({
      total: { shape: [2], data: Float32Array.of(1, 2) },
      still: { shape: [1], data: Float32Array.of(0) },
    });
    const before = tf.memory().numTensors;
    await expect(runner.run({ x })).rejects.toThrow(/in the middle/);
    expect(tf.memory().numTensors).toBe(before);
    expect([...(await runner.getState())['total'].data]).toEqual([1, 2]);
    fails = false;
    await runner.run({ x });
    expect([...(await runner.getState())['total'].data]).toEqual([1, 2002]);
    await runner.dispose();
  });
});
