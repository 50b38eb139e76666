/** Arithmetic on two tensors, and the sum of many. */
import type * as tf from '@tensorflow/tfjs-core';
import type { GraphBuilder } from '../../graph/builder';
import type { Value } from '../../graph/graph';
import { add, cast, compare, div, elementwise, mul, sub, unary, where } from '../../graph/operators';
import { listRecorder, type Recorder, recorder } from '../kernel';

/** TensorFlow.js kernel -> ONNX operator of the same meaning. */
const SAME_MEANING: Readonly<Record<string, string>> = {
  Add: 'Add',
  Sub: 'Sub',
  Multiply: 'Mul',
  Maximum: 'Max',
  Minimum: 'Min',
  Pow: 'Pow',
};

export const binaryRecorders: readonly Recorder[] = [
  ...Object.entries(SAME_MEANING).map(([kernel, op]) =>
    recorder<tf.BinaryInputs>(kernel, (b, inputs) => inNumbers(b, inputs, (x, y) => elementwise(b, op, [x, y]))),
  ),
  recorder<tf.BinaryInputs>('RealDiv', (b, inputs) =>
    div(b, cast(b, inputs.a, 'float32'), cast(b, inputs.b, 'float32')),
  ),
  recorder<tf.BinaryInputs>('FloorDiv', (b, inputs) => floorDivide(b, inputs.a, inputs.b)),
  recorder<tf.BinaryInputs>('Mod', (b, inputs) => floorModulo(b, inputs.a, inputs.b)),
  recorder<tf.BinaryInputs>('SquaredDifference', (b, inputs) => {
    const difference = sub(b, inputs.a, inputs.b);
    return mul(b, difference, difference);
  }),
  recorder<tf.BinaryInputs>('Atan2', (b, inputs) =>
    atan2(b, cast(b, inputs.a, 'float32'), cast(b, inputs.b, 'float32')),
  ),
  listRecorder('AddN', (b, terms) => terms.reduce((sum, term) => add(b, sum, term))),
];

/** TensorFlow.js lets booleans be multiplied and compared in size as 0 and 1; the result is boolean again. */
function inNumbers(b: GraphBuilder, inputs: { a: Value; b: Value }, f: (x: Value, y: Value) => Value): Value {
  if (inputs.a.dtype !== 'bool') return f(inputs.a, inputs.b);
  return cast(b, f(cast(b, inputs.a, 'int32'), cast(b, inputs.b, 'int32')), 'bool');
}

/** The quotient rounded down, also for negative numbers (ONNX's integer division rounds towards zero); always an integer. */
function floorDivide(b: GraphBuilder, x: Value, y: Value): Value {
  const quotient = div(b, cast(b, x, 'float32'), cast(b, y, 'float32'));
  return cast(b, unary(b, 'Floor', quotient), 'int32');
}

/** The remainder with the divisor's sign. */
function floorModulo(b: GraphBuilder, x: Value, y: Value): Value {
  if (x.dtype === 'int32') return elementwise(b, 'Mod', [x, y]);
  return sub(b, x, mul(b, unary(b, 'Floor', div(b, x, y)), y));
}

/** The angle of the point (x, y), -pi to pi; 0 for (0, 0). Left of the y axis the arc tangent of y / x is half a turn away. */
function atan2(b: GraphBuilder, y: Value, x: Value): Value {
  const zero = b.scalar(0);
  const halfTurn = where(b, compare(b, 'Less', y, zero), b.scalar(-Math.PI), b.scalar(Math.PI));
  const quotient = unary(b, 'Atan', div(b, y, x));
  const sided = add(b, quotient, where(b, compare(b, 'Less', x, zero), halfTurn, zero));
  const onAxis = mul(b, unary(b, 'Sign', y), b.scalar(Math.PI / 2));
  return where(b, compare(b, 'Equal', x, zero), onAxis, sided);
}
