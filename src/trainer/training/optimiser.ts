import * as tf from '@tensorflow/tfjs-core';
import type { Tensors } from '../engine/engine';
import type { OptimiserSettings } from '../types/training';
import { DEFAULT_OPTIMISERS } from './choices';

/** One parameter with what its optimiser remembers of it, by the names of `Optimiser.slots`. */
export interface Slots {
  readonly value: tf.Tensor;
  readonly slots: Tensors;
}

/** A rule by which gradients change parameters, as a pure function. It is PyTorch's of the same name, to the sign. */
export interface Optimiser {
  /** What is remembered of each parameter; every slot has the parameter's shape and begins as zeros. */
  readonly slots: readonly string[];
  /** Numbers beside the learning rate that change from step to step; they enter the program as inputs. */
  scalarsAt(step: number): Readonly<Record<string, number>>;
  /** @param scalars `learningRate` and those of `scalarsAt`. @param decay weight decay; 0 for biases and scales. */
  update(before: Slots, gradient: tf.Tensor, scalars: Tensors, decay: number): Slots;
}

export const DEFAULT_OPTIMISER: OptimiserSettings = DEFAULT_OPTIMISERS.adamw;

export function optimiserOf(settings: OptimiserSettings): Optimiser {
  switch (settings.kind) {
    case 'adamw':
    case 'adam':
      return adam(settings);
    case 'sgd':
      return sgd(settings);
  }
}

/**
 * Adam (Kingma and Ba 2015): moments that start at 0 and are corrected for it. `adam` adds the weight decay to the gradient, as the
 * slope of a penalty; `adamw` (Loshchilov and Hutter 2019) keeps it outside of the moments, scaled by the learning rate alone.
 */
function adam({ kind, beta1, beta2, epsilon }: Extract<OptimiserSettings, { kind: 'adam' | 'adamw' }>): Optimiser {
  return {
    slots: ['first', 'second'],
    scalarsAt: (step) => ({
      firstCorrection: 1 / (1 - beta1 ** (step + 1)),
      secondCorrection: 1 / (1 - beta2 ** (step + 1)),
    }),
    update: ({ value, slots }, plain, scalars, decay) => {
      const gradient = kind === 'adam' ? withPenalty(plain, value, decay) : plain;
      const first = tf.add(tf.mul(slots['first'], beta1), tf.mul(gradient, 1 - beta1));
      const squared = tf.mul(gradient, gradient);
      const second = tf.add(tf.mul(slots['second'], beta2), tf.mul(squared, 1 - beta2));
      const size = tf.add(tf.sqrt(tf.mul(second, scalars['secondCorrection'])), epsilon);
      const direction = tf.div(tf.mul(first, scalars['firstCorrection']), size);
      const change = kind === 'adamw' ? withPenalty(direction, value, decay) : direction;
      return { value: tf.sub(value, tf.mul(change, scalars['learningRate'])), slots: { first, second } };
    },
  };
}

/**
 * Stochastic gradient descent with momentum (Polyak 1964): velocity = momentum * velocity + gradient, and a step along the
 * velocity; with `nesterov` along gradient + momentum * velocity (Nesterov 1983, as Sutskever 2013 writes it). The weight decay is
 * added to the gradient.
 */
function sgd({ momentum, nesterov }: Extract<OptimiserSettings, { kind: 'sgd' }>): Optimiser {
  return {
    slots: momentum === 0 ? [] : ['velocity'],
    scalarsAt: () => ({}),
    update: ({ value, slots }, plain, scalars, decay) => {
      const gradient = withPenalty(plain, value, decay);
      const move = (direction: tf.Tensor): tf.Tensor => tf.sub(value, tf.mul(direction, scalars['learningRate']));
      if (momentum === 0) return { value: move(gradient), slots: {} };
      const velocity = tf.add(tf.mul(slots['velocity'], momentum), gradient);
      return { value: move(nesterov ? tf.add(gradient, tf.mul(velocity, momentum)) : velocity), slots: { velocity } };
    },
  };
}

function withPenalty(direction: tf.Tensor, value: tf.Tensor, decay: number): tf.Tensor {
  return decay === 0 ? direction : tf.add(direction, tf.mul(value, decay));
}
