import * as tf from '@tensorflow/tfjs-core';
import type { Tensors } from '../engine/engine';

/** The dropout of one pass: `x` [N, ...] times the mask of that name, which broadcasts; nothing for inference. */
export type Dropout = <T extends tf.Tensor>(name: string, x: T) => T;

/** Dropout (Srivastava 2014) by masks that are inputs of the program: 1 / keep or 0, so that the mean stays. */
export function dropoutOf(noise: Tensors): Dropout {
  return (name, x) => (name in noise ? tf.mul(x, noise[name]) : x);
}

export const noDropout: Dropout = (_, x) => x;
