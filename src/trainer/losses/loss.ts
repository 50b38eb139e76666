import type { Scalar, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';

/** What a loss gives for one batch. Both are traced, never read. */
export interface LossValue {
  readonly loss: Scalar;
  /** Share of the valid pairs or triplets whose loss is not zero, 0 when there are none. Has no gradient. */
  readonly activeShare: Scalar;
}

/**
 * A loss of a batch: `embeddings` [N, D], not normalised (the loss does that); `labels` [N], int32; `valid` [N], 1 or 0:
 * rows that are 0 fill up a batch and count for nothing. Dense arithmetic of static
 * shape, so that it can be traced; a batch without a valid pair or triplet gives loss 0 and gradient 0, and no batch at all
 * gives a gradient that is not a number.
 */
export type Loss = (embeddings: Tensor2D, labels: Tensor1D, valid?: Tensor1D) => LossValue;
