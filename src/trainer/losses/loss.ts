import type { Scalar, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import type { Tensors, TensorSpec } from '../engine/engine';
import type { Noise, Variable } from '../models/model';

/** What a loss gives for one batch. All are traced, never read. */
export interface LossValue {
  readonly loss: Scalar;
  /** Share of the valid pairs, triplets or items whose loss is not zero, 0 when there are none. Has no gradient. */
  readonly activeShare: Scalar;
  /** [P], of a sum of losses: what each adds to `loss`, its weight included. Has no gradient. */
  readonly parts?: Tensor1D;
  /** The new values of everything in the loss's `memory`; needed where it has one. Has no gradient. */
  readonly memory?: Readonly<Record<string, Tensor>>;
}

/** What a loss is given for one batch. */
export interface LossInput {
  /** [N, D], not normalised: the loss does that. */
  readonly embeddings: Tensor2D;
  /** [N] int32: the place of each item's class among the classes of the training, 0 to classes - 1. */
  readonly labels: Tensor1D;
  /** [N, N]: 1 where two rows are the same, -1 where they are different, 0 for pairs that do not count; by the labels when not given. */
  readonly relation?: Tensor2D | undefined;
  /** [N], 1 or 0: rows that are 0 fill up a batch and count for nothing. All count when not given. */
  readonly valid?: Tensor1D | undefined;
  readonly parameters: Tensors;
  readonly memory: Tensors;
  readonly noise: Tensors;
}

/** A value that a loss learns together with the network. */
export interface LossVariable extends Variable {
  /** Times the learning rate of the network. */
  readonly rate: number;
}

/** A value that a loss carries from batch to batch without learning it; every element is `initial` at first. */
export interface MemorySpec extends TensorSpec {
  readonly initial: number;
}

/** How large a training is, which the shapes of proxies and memories follow. */
export interface LossSizes {
  readonly classes: number;
  readonly embeddingSize: number;
  readonly batchSize: number;
  /** How much an item of each class counts, where the loss is one of items; all the same when not given. */
  readonly classWeights?: readonly number[];
}

/**
 * A loss of a batch. Dense arithmetic of static shape, so that it can be traced; a batch without a valid pair or triplet gives
 * loss 0 and gradient 0, and no batch at all gives a gradient that is not a number.
 */
export interface Loss {
  /** Proxies, boundaries: what is learned beside the network. */
  readonly parameters: Readonly<Record<string, LossVariable>>;
  readonly memory: Readonly<Record<string, MemorySpec>>;
  /** Random masks that enter each step, made from the run's seed; one set for each item of the batch. */
  readonly noise: Readonly<Record<string, Noise>>;
  evaluate(input: LossInput): LossValue;
}
