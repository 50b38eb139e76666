/** Gradients of the kernels that we compose, against finite differences; and what is left of their memory. */
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { cpuEngine } from '../../../../src/trainer/engine/cpuEngine';
import type { Engine, HostTensor, HostTensors, Program } from '../../../../src/trainer/engine/engine';
import { wasmEngine } from '../../../../src/trainer/engine/wasmEngine';
import { Random } from '../../../../src/trainer/random';
import type { T2, T4 } from '../cases';
import { runOnce } from '../parity';

interface Case {
  readonly name: string;
  readonly shapes: readonly (readonly number[])[];
  readonly compute: (...operands: tf.Tensor[]) => tf.Tensor;
}

const CASES: readonly Case[] = [
  {
    name: 'convolution, stride 2, over the edge',
    shapes: [
      [2, 5, 6, 2],
      [3, 3, 2, 3],
    ],
    compute: (x, f) => tf.conv2d(x as T4, f as T4, 2, 'same'),
  },
  {
    name: 'convolution, 1x1, stride 2, not filled by the strides',
    shapes: [
      [1, 5, 4, 2],
      [1, 1, 2, 3],
    ],
    compute: (x, f) => tf.conv2d(x as T4, f as T4, 2, 'valid'),
  },
  {
    name: 'convolution with more padding than its filter',
    shapes: [
      [1, 4, 4, 1],
      [2, 2, 1, 2],
    ],
    compute: (x, f) => tf.conv2d(x as T4, f as T4, 1, 2),
  },
  {
    name: 'depthwise convolution, two filters a channel, stride 2',
    shapes: [
      [1, 5, 5, 2],
      [3, 3, 2, 2],
    ],
    compute: (x, f) => tf.depthwiseConv2d(x as T4, f as T4, 2, 'same'),
  },
  {
    name: 'mean over the edge',
    shapes: [[1, 5, 4, 2]],
    compute: (x) => tf.avgPool(x as T4, 3, 2, 'same'),
  },
  {
    name: 'maximum over the edge, overlapping, of negative numbers',
    shapes: [[1, 5, 4, 2]],
    compute: (x) => tf.maxPool(tf.sub<T4>(x, 3), 3, 2, 'same'),
  },
  {
    name: 'look-up with repeated indices',
    shapes: [[4, 3]],
    compute: (x) => tf.gather(x as T2, tf.tensor1d([3, 0, 3, 1, 3], 'int32')),
  },
  {
    name: 'sums of segments',
    shapes: [[4, 3]],
    compute: (x) => tf.unsortedSegmentSum(x as T2, tf.tensor1d([1, 0, 1, 1], 'int32'), 3),
  },
];

/** The weighted sum of the values, and its gradients. */
function programOf({ shapes, compute }: Case): Program {
  const loss = (...operands: tf.Tensor[]): tf.Scalar => {
    const value = compute(...operands);
    const weights = Array.from({ length: value.size }, (_, i) => Math.cos(i) + 0.3);
    return tf.sum(tf.mul(value, tf.tensor(weights, value.shape)));
  };
  return {
    name: 'case',
    state: {},
    inputs: Object.fromEntries(shapes.map((shape, i) => [`${i}`, { shape, dtype: 'float32' as const }])),
    run: (_, inputs) => {
      const operands = shapes.map((__, i) => inputs[`${i}`]);
      const gradients = tf.grads(loss)(operands);
      const named = gradients.map((gradient, i): [string, tf.Tensor] => [`gradient ${i}`, gradient]);
      return { state: {}, outputs: { loss: loss(...operands), ...Object.fromEntries(named) } };
    },
  };
}

function operandsOf({ shapes }: Case): HostTensors {
  const random = new Random(11);
  return Object.fromEntries(
    shapes.map((shape, i): [string, HostTensor] => {
      const size = shape.reduce((product, length) => product * length, 1);
      // All different by more than a step, so that no step changes which is the maximum.
      const order = Array.from({ length: size }, (_, j) => j).sort(() => random.next() - 0.5);
      return [`${i}`, { shape, data: Float32Array.from(order, (j) => (2 * j) / size) }];
    }),
  );
}

const STEP = 1 / 64;

const engines: [string, Promise<Engine>][] = [
  ['the CPU backend', Promise.resolve(cpuEngine())],
  ['the WebAssembly backend', wasmEngine()],
];

describe.each(engines)('on %s', (_, engine) => {
  it.each(CASES)('the gradient of $name is its slope', async (test) => {
    const program = programOf(test);
    const operands = operandsOf(test);
    const outputs = await runOnce(await engine, program, operands);
    for (const [name, operand] of Object.entries(operands)) {
      for (let i = 0; i < operand.data.length; i++) {
        const at = async (change: number): Promise<number> => {
          const data = Float32Array.from(operand.data);
          data[i] += change;
          return (await runOnce(await engine, program, { ...operands, [name]: { ...operand, data } }))['loss'].data[0];
        };
        const slope = ((await at(STEP)) - (await at(-STEP))) / (2 * STEP);
        expect(outputs[`gradient ${name}`].data[i], `${name}[${i}]`).toBeCloseTo(slope, 2);
      }
    }
  });

  it('leaves nothing behind', async () => {
    const runs = CASES.map((test) => async () => runOnce(await engine, programOf(test), operandsOf(test)));
    for (const run of runs) await run();
    const before = tf.memory();
    for (const run of runs) await run();
    const after = tf.memory();
    expect([after.numTensors, after.numDataBuffers]).toEqual([before.numTensors, before.numDataBuffers]);
  });
});
