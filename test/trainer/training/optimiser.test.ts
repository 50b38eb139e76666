import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { Tensors } from '../../../src/trainer/engine/engine';
import { withBackend } from '../../../src/trainer/engine/tracer/backends';
import { clipByGlobalNorm } from '../../../src/trainer/training/gradients';
import { optimiserOf } from '../../../src/trainer/training/optimiser';
import type { OptimiserSettings } from '../../../src/trainer/types/training';

const RATE = 0.01;
const STEPS = 30;
/** A slope that changes with time and place, so that moments, corrections and decay all matter. */
const gradientAt = (t: number, value: number): number => Math.sin(t) + value;

/** The values of one parameter over the steps, from the definition in double precision. */
type Oracle = (decay: number) => number[];

function walk(update: (t: number, gradient: number, value: number) => number): number[] {
  let value = 0.7;
  return Array.from({ length: STEPS }, (_, i) => (value = update(i + 1, gradientAt(i + 1, value), value)));
}

/** Kingma and Ba 2015, algorithm 1; Loshchilov and Hutter 2019, algorithm 2. */
const adam =
  (beta1: number, beta2: number, epsilon: number, decoupled: boolean): Oracle =>
  (decay) => {
    let [m, v] = [0, 0];
    return walk((t, slope, value) => {
      const g = decoupled ? slope : slope + decay * value;
      m = beta1 * m + (1 - beta1) * g;
      v = beta2 * v + (1 - beta2) * g * g;
      const step = m / (1 - beta1 ** t) / (Math.sqrt(v / (1 - beta2 ** t)) + epsilon);
      return value - RATE * (step + (decoupled ? decay * value : 0));
    });
  };

/** As PyTorch documents torch.optim.SGD, with dampening 0. */
const sgd =
  (momentum: number, nesterov: boolean): Oracle =>
  (decay) => {
    let velocity: number | undefined;
    return walk((_, slope, value) => {
      const g = slope + decay * value;
      velocity = velocity === undefined ? g : momentum * velocity + g;
      return value - RATE * (nesterov ? g + momentum * velocity : velocity);
    });
  };

const CASES: [string, OptimiserSettings, Oracle][] = [
  ['AdamW', { kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }, adam(0.9, 0.999, 1e-8, true)],
  ['Adam', { kind: 'adam', beta1: 0.7, beta2: 0.95, epsilon: 1e-3 }, adam(0.7, 0.95, 1e-3, false)],
  ['SGD', { kind: 'sgd', momentum: 0, nesterov: false }, sgd(0, false)],
  ['SGD with momentum', { kind: 'sgd', momentum: 0.9, nesterov: false }, sgd(0.9, false)],
  ['SGD with Nesterov momentum', { kind: 'sgd', momentum: 0.9, nesterov: true }, sgd(0.9, true)],
];

describe.each(CASES)('%s', (_, settings, oracle) => {
  it.each([0, 0.1])('makes the steps of its definition, weight decay %d', (decay) => {
    withBackend('cpu', () => {
      const optimiser = optimiserOf(settings);
      let value: tf.Tensor = tf.scalar(0.7);
      let slots: Tensors = Object.fromEntries(optimiser.slots.map((slot) => [slot, tf.scalar(0)]));
      oracle(decay).forEach((expected, step) => {
        const numbers = { learningRate: RATE, ...optimiser.scalarsAt(step) };
        const scalars = Object.fromEntries(Object.entries(numbers).map(([name, number]) => [name, tf.scalar(number)]));
        const gradient = tf.scalar(gradientAt(step + 1, value.dataSync()[0]));
        const after = optimiser.update({ value, slots }, gradient, scalars, decay);
        expect(Object.keys(after.slots).sort()).toEqual([...optimiser.slots].sort());
        ({ value, slots } = after);
        expect(value.dataSync()[0]).toBeCloseTo(expected, 5);
      });
    });
  });
});

describe('clipping by the global norm', () => {
  const gradients = { a: [3, 0], b: [[-4], [12]] };
  const clipped = (limit: number): number[] =>
    withBackend('cpu', () => {
      const { a, b } = clipByGlobalNorm({ a: tf.tensor(gradients.a), b: tf.tensor(gradients.b) }, limit);
      return [...a.dataSync(), ...b.dataSync()];
    });

  it('shrinks all gradients by one factor', () => {
    // The norm of (3, 0, -4, 12) is 13.
    clipped(6.5).forEach((value, i) => expect(value).toBeCloseTo([1.5, 0, -2, 6][i], 5));
  });

  it('leaves smaller ones, and zeros, as they are', () => {
    expect(clipped(14)).toEqual([3, 0, -4, 12]);
    const zeros = withBackend('cpu', () => clipByGlobalNorm({ a: tf.zeros([2]) }, 1)['a'].dataSync());
    expect([...zeros]).toEqual([0, 0]);
  });
});
