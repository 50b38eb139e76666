import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { cpuEngine } from '../../../src/trainer/engine/cpuEngine';
import type {
  Dtype,
  Engine,
  HostTensor,
  HostTensors,
  Program,
  Specs,
  Tensors,
} from '../../../src/trainer/engine/engine';
import { dtypeOf } from '../../../src/trainer/engine/hostTensors';
import { onnxEngine } from '../../../src/trainer/engine/onnxEngine';
import { Random } from '../../../src/trainer/random';

/** A tensor of a test: its shape, and how its elements are drawn. */
export interface Operand {
  readonly shape: readonly number[];
  readonly dtype: Dtype;
  readonly draw: (random: Random) => number;
}

export const normal = (...shape: number[]): Operand => ({ shape, dtype: 'float32', draw: (random) => random.normal() });
export const positive = (...shape: number[]): Operand => ({
  shape,
  dtype: 'float32',
  draw: (random) => 0.1 + random.next(),
});
export const unit = (...shape: number[]): Operand => ({
  shape,
  dtype: 'float32',
  draw: (random) => 1.8 * random.next() - 0.9,
});
export const truths = (...shape: number[]): Operand => ({ shape, dtype: 'bool', draw: (random) => random.integer(2) });
export const integers = (below: number, ...shape: number[]): Operand => ({
  shape,
  dtype: 'int32',
  draw: (random) => random.integer(below),
});

export function drawTensor({ shape, dtype, draw }: Operand, random: Random): HostTensor {
  const values = Array.from({ length: shape.reduce((size, length) => size * length, 1) }, () => draw(random));
  const data = { float32: Float32Array, int32: Int32Array, bool: Uint8Array }[dtype].from(values);
  return { shape, data };
}

export type Compute = (...operands: tf.Tensor[]) => tf.Tensor | tf.Tensor[];

/** Values of `compute` on operands named 0, 1, ...; and the gradients of a weighted sum of its first float value. */
export function programOf(compute: Compute, operands: readonly Operand[], gradients: boolean): Program {
  return {
    name: 'parity',
    state: {},
    inputs: Object.fromEntries(operands.map(({ shape, dtype }, i) => [String(i), { shape, dtype }])),
    run: (_, inputs) => {
      const tensors = operands.map((__, i) => inputs[String(i)]);
      const values = [compute(...tensors)].flat();
      const outputs: Record<string, tf.Tensor> = Object.fromEntries(values.map((value, i) => [`value ${i}`, value]));
      return { state: {}, outputs: gradients ? { ...outputs, ...gradientsOf(compute, operands, tensors) } : outputs };
    },
  };
}

function gradientsOf(compute: Compute, operands: readonly Operand[], tensors: tf.Tensor[]): Tensors {
  const places = operands.flatMap(({ dtype }, i) => (dtype === 'float32' ? [i] : []));
  const weighted = (...given: tf.Tensor[]): tf.Scalar => {
    const all = tensors.map((tensor, i) => (places.includes(i) ? given[places.indexOf(i)] : tensor));
    const value = [compute(...all)].flat()[0];
    // Unequal weights, so that a gradient that ends up in the wrong place is seen.
    const weights = tf.tensor(
      Array.from({ length: value.size }, (_, i) => Math.cos(i) + 0.3),
      value.shape,
    );
    return tf.sum(tf.mul(value, weights));
  };
  const gradients = tf.grads(weighted)(places.map((i) => tensors[i]));
  return Object.fromEntries(gradients.map((gradient, i) => [`gradient ${places[i]}`, gradient]));
}

let shared: Promise<Engine> | undefined;

/** One engine for a test file; two threads, so that the splitting of work is tested too. */
export function testEngine(): Promise<Engine> {
  shared ??= onnxEngine({ threads: 2 });
  return shared;
}

let leastTolerance = 0;

/** Has the cases of test files that are imported after this run on another engine, which may differ by `tolerance` in all. */
export function useTestEngine(engine: Promise<Engine>, tolerance: number): void {
  shared = engine;
  leastTolerance = tolerance;
}

export async function runOnce(
  engine: Engine,
  program: Program,
  inputs: HostTensors,
  state: HostTensors = {},
): Promise<HostTensors> {
  const runner = await engine.compile(program);
  try {
    runner.setState(state);
    return await runner.run(inputs);
  } finally {
    await runner.dispose();
  }
}

/** Largest difference, relative to the largest value (at least 1). NaN in one but not the other counts as infinite. */
export function difference(actual: HostTensor, expected: HostTensor, name = 'tensor'): number {
  expect(actual.shape, name).toEqual(expected.shape);
  expect(dtypeOf(actual), name).toBe(dtypeOf(expected));
  let scale = 1;
  let most = 0;
  for (let i = 0; i < expected.data.length; i++) {
    const [x, y] = [actual.data[i], expected.data[i]];
    if (Object.is(x, y) || x === y) continue;
    if (!Number.isFinite(x) || !Number.isFinite(y)) return Number.POSITIVE_INFINITY;
    scale = Math.max(scale, Math.abs(y));
    most = Math.max(most, Math.abs(x - y));
  }
  return most / scale;
}

export function expectClose(actual: HostTensors, expected: HostTensors, tolerance: number): void {
  expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort());
  for (const [name, tensor] of Object.entries(expected)) {
    expect(difference(actual[name], tensor, name), name).toBeLessThanOrEqual(tolerance);
  }
}

/** Both engines give the same values and gradients. */
export async function expectParity(
  compute: Compute,
  operands: readonly Operand[],
  { gradients = true, tolerance = 2e-6, seed = 1 } = {},
): Promise<void> {
  const program = programOf(compute, operands, gradients);
  const random = new Random(seed);
  const inputs = Object.fromEntries(operands.map((operand, i) => [String(i), drawTensor(operand, random)]));
  const expected = await runOnce(cpuEngine(), program, inputs);
  const actual = await runOnce(await testEngine(), program, inputs);
  expectClose(actual, expected, Math.max(tolerance, leastTolerance));
}

export function drawAll(specs: Specs, random: Random): HostTensors {
  return Object.fromEntries(
    Object.entries(specs).map(([name, { shape, dtype }]) => [
      name,
      drawTensor({ shape, dtype, draw: (r) => (dtype === 'float32' ? r.normal() : r.integer(2)) }, random),
    ]),
  );
}
