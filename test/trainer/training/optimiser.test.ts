import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { withBackend } from '../../../src/trainer/engine/tracer/backends';
import { adamW, schedule, stepScalars, WARM_UP_STEPS } from '../../../src/trainer/training/optimiser';

describe('AdamW', () => {
  it.each([0, 0.1])('makes the steps of its definition, weight decay %d', (decay) => {
    withBackend('cpu', () => {
      let [value, m, v] = [0.7, 0, 0];
      let moments = {
        value: tf.scalar(value) as tf.Tensor,
        first: tf.scalar(0) as tf.Tensor,
        second: tf.scalar(0) as tf.Tensor,
      };
      for (let t = 1; t <= 30; t++) {
        const gradient = Math.sin(t) + value;
        const found = stepScalars(t - 1, 30, 0.01);
        const scalars = {
          learningRate: tf.scalar(found.learningRate),
          firstCorrection: tf.scalar(found.firstCorrection),
          secondCorrection: tf.scalar(found.secondCorrection),
        };
        moments = adamW(moments, tf.scalar(gradient), scalars, decay);
        m = 0.9 * m + 0.1 * gradient;
        v = 0.999 * v + 0.001 * gradient ** 2;
        const rate = 0.01 * schedule(t - 1, 30);
        value -= rate * (m / (1 - 0.9 ** t) / (Math.sqrt(v / (1 - 0.999 ** t)) + 1e-8) + decay * value);
        expect(moments.value.dataSync()[0]).toBeCloseTo(value, 5);
      }
    });
  });
});

describe('the schedule', () => {
  it('warms up, then falls to nearly nothing', () => {
    expect(schedule(0, 400)).toBeCloseTo(1 / WARM_UP_STEPS);
    expect(schedule(WARM_UP_STEPS - 1, 400)).toBe(1);
    expect(schedule(WARM_UP_STEPS + (380 >> 1) - 1, 400)).toBeCloseTo(0.5, 1);
    expect(schedule(399, 400)).toBeLessThan(1e-4);
    expect(schedule(399, 400)).toBeGreaterThan(0);
    for (let step = WARM_UP_STEPS; step < 400; step++)
      expect(schedule(step, 400)).toBeLessThanOrEqual(schedule(step - 1, 400));
  });

  it('does not depend on the length while it warms up', () => {
    for (let step = 0; step < WARM_UP_STEPS; step++) expect(schedule(step, 0)).toBe(schedule(step, 1000));
  });
});
