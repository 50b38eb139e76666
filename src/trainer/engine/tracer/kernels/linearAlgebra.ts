/** Sums of products that are not plain matrix products. */
import type * as tf from '@tensorflow/tfjs-core';
import type { GraphBuilder } from '../../graph/builder';
import type { Value } from '../../graph/graph';
import { cast, compare, elementwise, expand, matMul, mul, range, reshape, sub, where } from '../../graph/operators';
import { sizeOf } from '../../graph/shapes';
import { listRecorder, type Recorder, recorder } from '../kernel';
import { refuse } from '../refuse';

export const linearAlgebraRecorders: readonly Recorder[] = [
  listRecorder<tf.EinsumAttrs>('Einsum', (b, operands, { equation }) => {
    const plain = equation.replaceAll(' ', '');
    return b.add(
      'Einsum',
      operands.map((x) => cast(b, x, 'float32')),
      { equation: plain },
      einsumShape(plain, operands),
      'float32',
    );
  }),
  recorder<tf.DiagInputs>('Diag', (b, { x }) => diagonal(b, x)),
  recorder<tf.LRNInputs, tf.LRNAttrs>('LRN', (b, { x }, attributes) =>
    mul(b, x, elementwise(b, 'Pow', [neighbourhood(b, x, attributes), b.scalar(-attributes.beta)])),
  ),
  recorder<tf.LRNGradInputs, tf.LRNGradAttrs>('LRNGrad', (b, { x, y, dy }, attributes) => {
    const { alpha, beta, depthRadius } = attributes;
    const norm = neighbourhood(b, x, attributes);
    const own = mul(b, dy, elementwise(b, 'Pow', [norm, b.scalar(-beta)]));
    const others = overChannels(b, elementwise(b, 'Div', [mul(b, dy, y), norm]), depthRadius);
    return sub(b, own, mul(b, mul(b, x, others), b.scalar(2 * alpha * beta)));
  }),
];

function einsumShape(equation: string, operands: readonly Value[]): number[] {
  const sides = /^([a-zA-Z,]+)->([a-zA-Z]*)$/.exec(equation);
  if (!sides) refuse(`Einsum with the equation "${equation}"`);
  const lengths = new Map<string, number>();
  const [, terms, result] = sides;
  terms.split(',').forEach((term, i) => term.split('').forEach((axis, at) => lengths.set(axis, operands[i].shape[at])));
  return result.split('').map((axis) => lengths.get(axis)!);
}

/** A tensor of twice the rank: the elements on the diagonal, 0 elsewhere. */
function diagonal(b: GraphBuilder, x: Value): Value {
  const size = sizeOf(x.shape);
  const index = range(b, size);
  const onDiagonal = compare(b, 'Equal', reshape(b, index, [size, 1]), reshape(b, index, [1, size]));
  const rows = expand(b, reshape(b, x, [1, size]), [size, size]);
  return reshape(b, where(b, onDiagonal, rows, b.scalar(0, x.dtype)), [...x.shape, ...x.shape]);
}

/** bias + alpha * the sum of squares over the channels beside (Krizhevsky 2012). */
function neighbourhood(b: GraphBuilder, x: Value, { bias, alpha, depthRadius }: tf.LRNAttrs): Value {
  const sums = overChannels(b, mul(b, x, x), depthRadius);
  return elementwise(b, 'Add', [mul(b, sums, b.scalar(alpha)), b.scalar(bias)]);
}

/** For each channel (last axis) the sum over those at most `radius` away: a product with a band of ones. */
function overChannels(b: GraphBuilder, x: Value, radius: number): Value {
  const channels = x.shape.at(-1)!;
  const band = Float32Array.from({ length: channels * channels }, (_, i) =>
    Math.abs(Math.floor(i / channels) - (i % channels)) <= radius ? 1 : 0,
  );
  return matMul(b, x, b.constant(band, [channels, channels], 'float32'));
}
