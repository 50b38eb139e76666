/** Products of matrices. */
import type * as tf from '@tensorflow/tfjs-core';
import type { GraphBuilder } from '../../graph/builder';
import type { Value } from '../../graph/graph';
import { cast, gemm, matMul, transpose } from '../../graph/operators';
import { type Recorder, recorder } from '../kernel';

export const matMulRecorders: readonly Recorder[] = [
  recorder<tf.BatchMatMulInputs, tf.BatchMatMulAttrs>('BatchMatMul', (b, inputs, { transposeA, transposeB }) => {
    const x = cast(b, inputs.a, 'float32');
    const y = cast(b, inputs.b, 'float32');
    if (x.shape.length === 2 && y.shape.length === 2) return gemm(b, x, y, transposeA, transposeB);
    return matMul(b, transposeA ? swapLast(b, x) : x, transposeB ? swapLast(b, y) : y);
  }),
];

function swapLast(b: GraphBuilder, x: Value): Value {
  const rank = x.shape.length;
  const perm = x.shape.map((_, axis) => axis);
  return transpose(b, x, [...perm.slice(0, -2), rank - 1, rank - 2]);
}
