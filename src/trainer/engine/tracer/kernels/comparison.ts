/** Comparisons, logic, and choosing between two tensors. */
import type * as tf from '@tensorflow/tfjs-core';
import type { GraphBuilder } from '../../graph/builder';
import type { Value } from '../../graph/graph';
import { cast, compare, not, where } from '../../graph/operators';
import { type Recorder, recorder } from '../kernel';

/** TensorFlow.js kernel -> ONNX operator of the same meaning. */
const SAME_MEANING: Readonly<Record<string, string>> = {
  Equal: 'Equal',
  Greater: 'Greater',
  GreaterEqual: 'GreaterOrEqual',
  Less: 'Less',
  LessEqual: 'LessOrEqual',
  LogicalAnd: 'And',
  LogicalOr: 'Or',
  LogicalXor: 'Xor',
};

const ORDERS = new Set(['Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual']);

export const comparisonRecorders: readonly Recorder[] = [
  ...Object.entries(SAME_MEANING).map(([kernel, op]) =>
    recorder<tf.BinaryInputs>(kernel, (b, inputs) => compareAny(b, op, inputs.a, inputs.b)),
  ),
  recorder<tf.BinaryInputs>('NotEqual', (b, inputs) => not(b, compare(b, 'Equal', inputs.a, inputs.b))),
  recorder<tf.SelectInputs>('Select', (b, { condition, t, e }) => where(b, condition, t, e)),
];

/** ONNX does not order booleans. */
function compareAny(b: GraphBuilder, op: string, x: Value, y: Value): Value {
  const asNumbers = x.dtype === 'bool' && ORDERS.has(op);
  return asNumbers ? compare(b, op, cast(b, x, 'int32'), cast(b, y, 'int32')) : compare(b, op, x, y);
}
