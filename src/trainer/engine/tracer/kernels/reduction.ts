/** Sums, means, extremes and their places, along axes. */
import * as tf from '@tensorflow/tfjs-core';
import type { GraphBuilder } from '../../graph/builder';
import type { Value } from '../../graph/graph';
import { cast, mul, pad, reduce, reshape, reverse as turned, slice, unary } from '../../graph/operators';
import { normaliseAxes } from '../../graph/shapes';
import { type Recorder, recorder } from '../kernel';

interface AxisAttributes {
  readonly axis: number | number[];
  readonly keepDims: boolean;
}

interface ExtremeAttributes {
  readonly reductionIndices: number | number[];
  readonly keepDims: boolean;
}

export const reductionRecorders: readonly Recorder[] = [
  recorder<tf.SumInputs, AxisAttributes>('Sum', (b, { x }, { axis, keepDims }) => {
    const numbers = x.dtype === 'bool' ? cast(b, x, 'int32') : x;
    return reduce(b, 'ReduceSum', numbers, axesOf(x, axis), keepDims);
  }),
  recorder<tf.MeanInputs, AxisAttributes>('Mean', (b, { x }, { axis, keepDims }) =>
    reduce(b, 'ReduceMean', cast(b, x, 'float32'), axesOf(x, axis), keepDims),
  ),
  recorder<tf.ProdInputs, AxisAttributes>('Prod', (b, { x }, { axis, keepDims }) =>
    reduce(b, 'ReduceProd', x, axesOf(x, axis), keepDims),
  ),
  recorder<tf.MaxInputs, ExtremeAttributes>('Max', (b, { x }, { reductionIndices, keepDims }) =>
    reduce(b, 'ReduceMax', x, axesOf(x, reductionIndices), keepDims),
  ),
  recorder<tf.MinInputs, AxisAttributes>('Min', (b, { x }, { axis, keepDims }) =>
    reduce(b, 'ReduceMin', x, axesOf(x, axis), keepDims),
  ),
  recorder<tf.AllInputs, AxisAttributes>('All', (b, { x }, { axis, keepDims }) =>
    overTruths(b, 'ReduceMin', x, axesOf(x, axis), keepDims),
  ),
  recorder<tf.AnyInputs, AxisAttributes>('Any', (b, { x }, { axis, keepDims }) =>
    overTruths(b, 'ReduceMax', x, axesOf(x, axis), keepDims),
  ),
  recorder<tf.ArgMaxInputs, { axis: number | number[] }>('ArgMax', (b, { x }, { axis }) => place(b, 'ArgMax', x, axis)),
  recorder<tf.ArgMinInputs, { axis: number | number[] }>('ArgMin', (b, { x }, { axis }) => place(b, 'ArgMin', x, axis)),
  recorder<tf.CumsumInputs, tf.CumsumAttrs>('Cumsum', (b, { x }, { axis, exclusive, reverse }) =>
    unary(b, 'CumSum', x, {
      axis: normaliseAxes([axis], x.shape.length),
      exclusive: exclusive ? 1 : 0,
      reverse: reverse ? 1 : 0,
    }),
  ),
  recorder<tf.CumprodInputs, tf.CumprodAttrs>('Cumprod', (b, { x }, attributes) => cumulativeProduct(b, x, attributes)),
  recorder<tf.TopKInputs, tf.TopKAttrs>('TopK', (b, { x }, { k }) => topK(b, x, k)),
  recorder<tf.SoftmaxInputs, tf.SoftmaxAttrs>('Softmax', (b, { logits }, { dim }) =>
    unary(b, 'Softmax', logits, { axis: dim }),
  ),
  recorder<tf.LogSoftmaxInputs, tf.LogSoftmaxAttrs>('LogSoftmax', (b, { logits }, { axis }) =>
    unary(b, 'LogSoftmax', logits, { axis }),
  ),
];

function axesOf(x: Value, axis: number | number[]): number[] {
  return tf.util.parseAxisParam(axis, [...x.shape]);
}

function overTruths(b: GraphBuilder, op: string, x: Value, axes: readonly number[], keepDims: boolean): Value {
  return cast(b, reduce(b, op, cast(b, x, 'int32'), axes, keepDims), 'bool');
}

/** The first place of the largest (smallest) element along one axis. */
function place(b: GraphBuilder, op: string, x: Value, axis: number | number[]): Value {
  const along = axesOf(x, axis).at(0);
  // A single number has its extreme at 0; ONNX asks for an axis.
  if (along === undefined || x.shape.length === 0) return place(b, op, reshape(b, x, [1]), 0);
  const shape = x.shape.filter((_, i) => i !== along);
  return cast(b, b.add(op, [x], { axis: along, keepdims: 0, select_last_index: 0 }, shape, 'int64'), 'int32');
}

/** The k largest of the last axis in falling order, and where they are; equal ones by rising place. */
function topK(b: GraphBuilder, x: Value, k: number): readonly Value[] {
  const shape = [...x.shape.slice(0, -1), k];
  const [values, places] = b.addAll({
    op: 'TopK',
    inputs: [x],
    attributes: { k: [k], axis: -1, largest: 1, sorted: 1 },
    outputs: [
      { shape, dtype: x.dtype },
      { shape, dtype: 'int64' },
    ],
  });
  return [values, cast(b, places, 'int32')];
}

/**
 * Products of all elements up to each, along an axis. ONNX has no operator for it: each round multiplies by the elements that
 * lie 1, 2, 4, ... places before, so the rounds are the logarithm of the length.
 */
function cumulativeProduct(b: GraphBuilder, x: Value, { axis, exclusive, reverse }: tf.CumprodAttrs): Value {
  const [along] = normaliseAxes([axis], x.shape.length);
  const length = x.shape[along];
  const shifted = (value: Value, by: number): Value => {
    const kept = slice(b, value, [{ axis: along, start: 0, end: length - by }]);
    const before = x.shape.map((_, i) => (i === along ? by : 0));
    const after = x.shape.map(() => 0);
    return pad(b, kept, before, after, b.scalar(1, x.dtype));
  };
  let product = reverse ? turned(b, x, [along]) : x;
  for (let by = 1; by < length; by *= 2) product = mul(b, product, shifted(product, by));
  if (exclusive) product = shifted(product, 1);
  return reverse ? turned(b, product, [along]) : product;
}
