import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { cpuEngine } from '../../../src/trainer/engine/cpuEngine';
import type { HostTensors, Program, Runner } from '../../../src/trainer/engine/engine';
import { onnxEngine } from '../../../src/trainer/engine/onnxEngine';
import { KindredError } from '../../../src/rpc/errors';
import { drawAll, testEngine } from './parity';
import { Random } from '../../../src/trainer/random';

/** Counts its runs and adds its input up. */
const COUNTER: Program = {
  name: 'counter',
  state: { count: { shape: [], dtype: 'int32' }, sum: { shape: [2], dtype: 'float32' } },
  inputs: { x: { shape: [2], dtype: 'float32' } },
  run: (state, inputs) => {
    const sum = tf.add(state['sum'], inputs['x']);
    return {
      state: { count: tf.add(state['count'], tf.scalar(1, 'int32')), sum },
      outputs: { sum, same: sum, x: inputs['x'], two: tf.scalar(2) },
    };
  },
};

const ZERO: HostTensors = {
  count: { shape: [], data: Int32Array.of(0) },
  sum: { shape: [2], data: Float32Array.of(0, 0) },
};

const x = (...values: number[]): HostTensors => ({ x: { shape: [values.length], data: Float32Array.from(values) } });

async function failure(promise: Promise<unknown> | (() => unknown)): Promise<KindredError> {
  try {
    await (typeof promise === 'function' ? promise() : promise);
  } catch (error) {
    expect(error).toBeInstanceOf(KindredError);
    return error as KindredError;
  }
  throw new Error('It did not fail.');
}

/** A program of one input [2, 3] without state. */
function program(run: (x: tf.Tensor2D) => tf.Tensor): Program {
  return {
    name: 'sketch',
    state: {},
    inputs: { x: { shape: [2, 3], dtype: 'float32' } },
    run: (_, inputs) => ({ state: {}, outputs: { y: run(inputs['x'] as tf.Tensor2D) } }),
  };
}

describe.each([
  ['onnx', testEngine],
  ['cpu', () => Promise.resolve(cpuEngine())],
] as const)('the %s engine', (name, make) => {
  async function counter(): Promise<Runner> {
    const engine = await make();
    expect(engine.name).toBe(name);
    return engine.compile(COUNTER);
  }

  it('carries the state from run to run and gives it back', async () => {
    const runner = await counter();
    runner.setState(ZERO);
    await runner.run(x(1, 2));
    const outputs = await runner.run(x(10, 20));
    expect([...outputs['sum'].data]).toEqual([11, 22]);
    expect([...outputs['same'].data]).toEqual([11, 22]);
    expect([...outputs['x'].data]).toEqual([10, 20]);
    expect(outputs['two']).toEqual({ shape: [], data: Float32Array.of(2) });
    const state = await runner.getState();
    expect(state['count'].data).toEqual(Int32Array.of(2));
    runner.setState(state);
    await runner.run(x(1, 1));
    expect([...(await runner.getState())['sum'].data]).toEqual([12, 23]);
    await runner.dispose();
  });

  it('does not share memory with those who set and get the state', async () => {
    const runner = await counter();
    const given = { ...ZERO, sum: { shape: [2], data: Float32Array.of(5, 5) } };
    runner.setState(given);
    given.sum.data[0] = 100;
    const got = await runner.getState();
    got['sum'].data[1] = 100;
    expect([...(await runner.getState())['sum'].data]).toEqual([5, 5]);
    await runner.dispose();
  });

  it('says which tensor is missing, unknown or of another shape or type', async () => {
    const runner = await counter();
    expect((await failure(runner.run(x(1, 2)))).message).toMatch(/before its state was set/);
    expect((await failure(() => runner.setState({ sum: ZERO['sum'] }))).message).toMatch(/lack "count"/);
    expect((await failure(() => runner.setState({ ...ZERO, more: ZERO['sum'] }))).message).toMatch(/no "more"/);
    runner.setState(ZERO);
    expect((await failure(runner.run(x(1, 2, 3)))).message).toMatch(/float32 \[3\]; expected float32 \[2\]/);
    const wrong = { x: { shape: [2], data: Int32Array.of(1, 2) } };
    expect((await failure(runner.run(wrong))).message).toMatch(/int32 \[2\]; expected float32/);
    const short = { x: { shape: [2], data: Float32Array.of(1) } };
    expect((await failure(runner.run(short))).message).toMatch(/1 elements/);
    await runner.dispose();
  });

  it('refuses a program that does not give its state back', async () => {
    const forgetful: Program = {
      ...COUNTER,
      run: (state, inputs) => ({ state: { count: state['count'] }, outputs: inputs }),
    };
    const engine = await make();
    const error = await failure(
      engine.compile(forgetful).then((runner) => {
        runner.setState(ZERO);
        return runner.run(x(1, 2));
      }),
    );
    expect(error.message).toMatch(/does not give back its state "sum"/);
  });

  it('leaves TensorFlow.js as it was', async () => {
    await tf.setBackend('cpu');
    const engine = await make();
    const before = tf.memory();
    const runner = await engine.compile(COUNTER);
    runner.setState(ZERO);
    await runner.run(x(1, 2));
    await failure(
      engine.compile(program((t) => tf.fft(t as unknown as tf.Tensor))).then((other) => other.run(x(1, 2))),
    );
    await runner.dispose();
    expect(tf.getBackend()).toBe('cpu');
    expect(tf.memory().numTensors).toBe(before.numTensors);
    expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers);
    expect([...tf.tidy(() => tf.add([1, 2], 1).dataSync())]).toEqual([2, 3]);
  });
});

describe('recording', () => {
  it('names an operation that cannot be recorded, and where it was called', async () => {
    const engine = await testEngine();
    const error = await failure(
      engine.compile(program((t) => tf.bincount(tf.reshape<tf.Rank.R1>(tf.cast(t, 'int32'), [-1]), [], 3))),
    );
    expect(error.code).toBe('engine');
    expect(error.message).toMatch(/^sketch: .*Bincount/);
    expect(error.message).toContain('onnxEngine.test.ts');
    expect(error.remedy).toBeDefined();
  });

  it('names a parameter that cannot be recorded', async () => {
    const engine = await testEngine();
    const error = await failure(
      engine.compile(
        program((t) =>
          tf.conv2d(tf.reshape<tf.Rank.R4>(t, [1, 1, -1, 1]), tf.ones<tf.Rank.R4>([1, 1, 1, 1]), 1, 'same', 'NCHW'),
        ),
      ),
    );
    expect(error.message).toMatch(/Conv2D with data format NCHW.*onnxEngine\.test\.ts/);
  });

  it('refuses random numbers, which would be the same in each run', async () => {
    const engine = await testEngine();
    const error = await failure(engine.compile(program((t) => tf.dropout(t, 0.5))));
    expect(error.code).toBe('engine');
    expect(error.message).toMatch(/random.*onnxEngine\.test\.ts/);
    expect(tf.tidy(() => tf.randomUniform([1]).dataSync()[0])).toBeLessThan(1);
  });

  it('refuses to read values, and says where it was tried', async () => {
    const engine = await testEngine();
    const error = await failure(engine.compile(program((t) => (t.dataSync()[0] > 0 ? t : tf.neg(t)))));
    expect(error.code).toBe('engine');
    expect(error.message).toMatch(/read the values.*onnxEngine\.test\.ts/);
  });

  it('passes on what TensorFlow.js finds wrong, with the place', async () => {
    const engine = await testEngine();
    const error = await failure(engine.compile(program((t) => tf.matMul(t, t))));
    expect(error.code).toBe('engine');
    expect(error.message).toMatch(/matMul.*onnxEngine\.test\.ts/s);
  });

  it('takes constants that were made before', async () => {
    await tf.setBackend('cpu');
    const constant = tf.tensor2d([[1, 2, 3]]);
    const engine = await testEngine();
    const runner = await engine.compile(program((t) => tf.mul(t, constant)));
    const inputs = { x: { shape: [2, 3], data: Float32Array.of(1, 1, 1, 2, 2, 2) } };
    expect([...(await runner.run(inputs))['y'].data]).toEqual([1, 2, 3, 2, 4, 6]);
    expect([...constant.dataSync()]).toEqual([1, 2, 3]);
    constant.dispose();
    await runner.dispose();
  });

  it('reads constants, which have values', async () => {
    const engine = await testEngine();
    const runner = await engine.compile(program((t) => tf.mul(t, tf.tensor1d([3, 4]).dataSync()[1])));
    const inputs = { x: { shape: [2, 3], data: Float32Array.of(1, 1, 1, 2, 2, 2) } };
    expect((await runner.run(inputs))['y'].data[0]).toBe(4);
    await runner.dispose();
  });
});

describe('determinism', () => {
  const convolution: Program = {
    name: 'convolution',
    state: { f: { shape: [3, 3, 8, 16], dtype: 'float32' } },
    inputs: { x: { shape: [16, 16, 16, 8], dtype: 'float32' } },
    run: (state, inputs) => {
      const loss = (f: tf.Tensor): tf.Scalar => {
        const y = tf.relu(tf.conv2d(inputs['x'] as tf.Tensor4D, f as tf.Tensor4D, 1, 'same'));
        const { mean, variance } = tf.moments(y, [0, 1, 2]);
        return tf.logSumExp(tf.mul(tf.sub(y, mean), tf.rsqrt(tf.add(variance, 1e-5))));
      };
      const { value, grads } = tf.valueAndGrads(loss)([state['f']]);
      return { state: { f: tf.sub(state['f'], grads[0]) }, outputs: { loss: value } };
    },
  };

  it.each([1, 2, 3])('gives the same bits every time with %i threads', async (threads) => {
    const engine = await onnxEngine({ threads });
    expect(engine.device).toContain(`${threads} thread`);
    const results: HostTensors[] = [];
    for (let round = 0; round < 2; round++) {
      const runner = await engine.compile(convolution);
      const random = new Random(5);
      runner.setState(drawAll(convolution.state, random));
      const inputs = drawAll(convolution.inputs, random);
      for (let step = 0; step < 6; step++) await runner.run(inputs);
      results.push(await runner.getState());
      await runner.dispose();
    }
    expect(results[0]['f'].data).toEqual(results[1]['f'].data);
    expect(results[0]['f'].data.every(Number.isFinite)).toBe(true);
  });
});
