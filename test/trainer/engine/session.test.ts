import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import type { Program } from '../../../src/trainer/engine/engine';
import { openSession } from '../../../src/trainer/engine/onnx/session';
import { testEngine } from './parity';

/** Some seconds' worth of multiplications are not needed: enough that a thread that computes is seen to be busy. */
const HEAVY: Program = {
  name: 'heavy',
  state: {},
  inputs: { x: { shape: [512, 512], dtype: 'float32' } },
  run: (_, inputs) => {
    const x = inputs['x'] as tf.Tensor2D;
    let y = x;
    for (let i = 0; i < 40; i++) y = tf.tanh(tf.matMul(x, y));
    return { state: {}, outputs: { y } };
  },
};

it('leaves the calling thread free while it computes', async () => {
  const runner = await (await testEngine()).compile(HEAVY);
  const x = { shape: [512, 512], data: new Float32Array(512 * 512).fill(0.01) };
  let turns = 0;
  let running = true;
  const count = (): void => {
    turns++;
    if (running) setImmediate(count);
  };
  count();
  await runner.run({ x });
  running = false;
  expect(turns).toBeGreaterThan(20);
  await runner.dispose();
});

it('does what it is asked in the order of asking, for several models', async () => {
  const engine = await testEngine();
  const counter = (step: number): Program => ({
    name: 'counter',
    state: { n: { shape: [], dtype: 'float32' } },
    inputs: {},
    run: (state) => ({ state: { n: tf.add(state['n'], step) }, outputs: { n: state['n'] } }),
  });
  const [ones, tens] = [await engine.compile(counter(1)), await engine.compile(counter(10))];
  for (const runner of [ones, tens]) runner.setState({ n: { shape: [], data: Float32Array.of(0) } });
  await Promise.all([ones.run({}), tens.run({}), ones.run({}), tens.run({})]);
  expect((await ones.getState())['n'].data[0]).toBe(2);
  expect((await tens.getState())['n'].data[0]).toBe(20);
  await ones.dispose();
  await expect(ones.run({})).rejects.toThrow(/disposed/);
  expect((await tens.run({}))['n'].data[0]).toBe(20);
  await tens.dispose();
});

it('passes on why a model cannot be loaded', async () => {
  await expect(openSession(Uint8Array.of(1, 2, 3))).rejects.toMatchObject({
    code: 'engine',
    message: expect.stringMatching(/ONNX Runtime cannot load the model: ./) as string,
  });
});
