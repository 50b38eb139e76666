import * as tf from '@tensorflow/tfjs-core';

const FIRST_DECAY = 0.9;
const SECOND_DECAY = 0.999;
const EPSILON = 1e-8;

/** One parameter with its running moments. */
export interface Moments {
  readonly value: tf.Tensor;
  readonly first: tf.Tensor;
  readonly second: tf.Tensor;
}

/** What changes with the step number; scalars that enter the program as inputs. */
export interface StepScalars {
  readonly learningRate: tf.Scalar;
  /** 1 / (1 - 0.9^t) and 1 / (1 - 0.999^t): the moments start at 0 and are corrected for it. */
  readonly firstCorrection: tf.Scalar;
  readonly secondCorrection: tf.Scalar;
}

/**
 * One step of AdamW (Loshchilov and Hutter 2019): Adam (Kingma and Ba 2015) with the weight decay outside of the moments,
 * scaled by the learning rate alone. `decay` is 0 for biases and scales.
 */
export function adamW(before: Moments, gradient: tf.Tensor, scalars: StepScalars, decay: number): Moments {
  const first = tf.add(tf.mul(before.first, FIRST_DECAY), tf.mul(gradient, 1 - FIRST_DECAY));
  const squared = tf.mul(gradient, gradient);
  const second = tf.add(tf.mul(before.second, SECOND_DECAY), tf.mul(squared, 1 - SECOND_DECAY));
  const size = tf.add(tf.sqrt(tf.mul(second, scalars.secondCorrection)), EPSILON);
  const direction = tf.div(tf.mul(first, scalars.firstCorrection), size);
  const change = decay === 0 ? direction : tf.add(direction, tf.mul(before.value, decay));
  return { value: tf.sub(before.value, tf.mul(change, scalars.learningRate)), first, second };
}

/** The scalars of step `step` (from 0), as numbers. */
export function stepScalars(
  step: number,
  steps: number,
  learningRate: number,
): { readonly [K in keyof StepScalars]: number } {
  return {
    learningRate: learningRate * schedule(step, steps),
    firstCorrection: 1 / (1 - FIRST_DECAY ** (step + 1)),
    secondCorrection: 1 / (1 - SECOND_DECAY ** (step + 1)),
  };
}

/**
 * Length of the warm-up. It is a fixed number of steps, so that the first steps of a run do not depend on how long it will
 * be: a run given in minutes learns its length only after them.
 */
export const WARM_UP_STEPS = 20;

/** Share of the learning rate at a step: rises linearly, then falls to 0 along half a cosine (Loshchilov and Hutter 2017). */
export function schedule(step: number, steps: number): number {
  if (step < WARM_UP_STEPS) return (step + 1) / WARM_UP_STEPS;
  return 0.5 * (1 + Math.cos((Math.PI * (step - WARM_UP_STEPS + 1)) / (steps - WARM_UP_STEPS + 1)));
}
