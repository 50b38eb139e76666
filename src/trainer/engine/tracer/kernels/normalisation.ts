/** Batch normalisation with given statistics (inference). */
import type * as tf from '@tensorflow/tfjs-core';
import { add, mul, sub, unary } from '../../graph/operators';
import type { Value } from '../../graph/graph';
import { type Recorder, recorder } from '../kernel';

export const normalisationRecorders: readonly Recorder[] = [
  recorder<tf.FusedBatchNormInputs, tf.FusedBatchNormAttrs>('FusedBatchNorm', (b, inputs, { varianceEpsilon }) => {
    const { x, mean, variance } = inputs;
    const { scale, offset } = inputs as { scale: Value | undefined; offset: Value | undefined };
    const deviation = unary(b, 'Sqrt', add(b, variance, b.scalar(varianceEpsilon)));
    const inverse = unary(b, 'Reciprocal', deviation);
    // One multiplication and one addition for each element; the rest is for each channel.
    const factor = scale ? mul(b, inverse, scale) : inverse;
    const shift = mul(b, mean, factor);
    return add(b, mul(b, x, factor), offset ? sub(b, offset, shift) : unary(b, 'Neg', shift));
  }),
];
