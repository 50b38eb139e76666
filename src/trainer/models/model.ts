import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { Tensors } from '../engine/engine';

/** One tensor of a model, by name. */
export interface Variable {
  readonly shape: readonly number[];
  readonly initial:
    /** Normal with variance 2 / `inputs` (He 2015). */
    | { readonly kind: 'he'; readonly inputs: number }
    | { readonly kind: 'normal'; readonly deviation: number }
    | { readonly kind: 'constant'; readonly value: number };
  /** Weight decay applies to it: to weights, not to biases and scales. */
  readonly decays: boolean;
}

export type Variables = Readonly<Record<string, Variable>>;

/** Random numbers that enter a training step, one set for each item of a batch; `shape` is that of one item. */
export type Noise =
  /** A mask: each element is `1 / keep` with a chance of `keep`, otherwise 0. */
  | { readonly kind?: 'mask'; readonly shape: readonly number[]; readonly keep: number }
  /** Each element is from 0 to below 1. */
  | { readonly kind: 'uniform'; readonly shape: readonly number[] };

export interface TrainingPass {
  /** [N, D], not normalised. */
  readonly embeddings: Tensor2D;
  /** The new running statistics. */
  readonly statistics: Tensors;
}

/**
 * A network from items to embeddings, as pure functions of its variables. `input` is a batch of items: images are [N, S, S, 3],
 * RGB, 0 to 1.
 */
export interface Model<Input extends Tensor = Tensor4D> {
  /** What is learned. */
  readonly parameters: Variables;
  /** What is averaged while training and used as it is for inference. */
  readonly statistics: Variables;
  /** Masks that enter each training pass by name; made from the run's seed outside of the program. */
  readonly noise?: Readonly<Record<string, Noise>>;
  /**
   * Normalises by the statistics of the batch and averages them into `statistics`.
   * @param valid which items count, [N] 1 or 0: others fill up the batch, and have no influence. All when not given.
   */
  train(parameters: Tensors, statistics: Tensors, input: Input, noise: Tensors, valid?: Tensor1D): TrainingPass;
  /** [N, D], not normalised. Each row depends on its own item only. */
  infer(parameters: Tensors, statistics: Tensors, input: Input): Tensor2D;
}
