/** Kernels that map each element by itself. */
import type * as tf from '@tensorflow/tfjs-core';
import type { GraphBuilder } from '../../graph/builder';
import type { Dtype } from '../../engine';
import type { Value } from '../../graph/graph';
import {
  add,
  cast,
  compare,
  div,
  elementwise,
  expand,
  filled,
  mul,
  not,
  sub,
  unary,
  where,
} from '../../graph/operators';
import { type Recorder, recorder } from '../kernel';

/** TensorFlow.js kernel -> ONNX operator of the same meaning. */
const SAME_MEANING: Readonly<Record<string, string>> = {
  Abs: 'Abs',
  Acos: 'Acos',
  Acosh: 'Acosh',
  Asin: 'Asin',
  Asinh: 'Asinh',
  Atan: 'Atan',
  Atanh: 'Atanh',
  Ceil: 'Ceil',
  Cos: 'Cos',
  Cosh: 'Cosh',
  Erf: 'Erf',
  Exp: 'Exp',
  Floor: 'Floor',
  Log: 'Log',
  LogicalNot: 'Not',
  Neg: 'Neg',
  Reciprocal: 'Reciprocal',
  Relu: 'Relu',
  Round: 'Round',
  Sigmoid: 'Sigmoid',
  Sign: 'Sign',
  Sin: 'Sin',
  Sinh: 'Sinh',
  Softplus: 'Softplus',
  Sqrt: 'Sqrt',
  Tan: 'Tan',
  Tanh: 'Tanh',
};

/** Kernels that TensorFlow.js answers in float32 also for integers. */
const IN_FLOATS = new Set(
  Object.keys(SAME_MEANING).filter((kernel) => !['Abs', 'LogicalNot', 'Neg', 'Relu', 'Sign'].includes(kernel)),
);

export const unaryRecorders: readonly Recorder[] = [
  ...Object.entries(SAME_MEANING).map(([kernel, op]) =>
    recorder<tf.UnaryInputs>(kernel, (b, { x }) => unary(b, op, IN_FLOATS.has(kernel) ? cast(b, x, 'float32') : x)),
  ),
  recorder<tf.IdentityInputs>('Identity', (_, { x }) => x),
  recorder<tf.CastInputs, tf.CastAttrs>('Cast', (b, { x }, { dtype }) => cast(b, x, dtype as Dtype)),
  recorder<tf.SquareInputs>('Square', (b, { x }) => mul(b, x, x)),
  recorder<tf.RsqrtInputs>('Rsqrt', (b, { x }) => unary(b, 'Reciprocal', unary(b, 'Sqrt', x))),
  recorder<tf.Expm1Inputs>('Expm1', (b, { x }) => expm1(b, x)),
  recorder<tf.Log1pInputs>('Log1p', (b, { x }) => log1p(b, x)),
  recorder<tf.StepInputs, tf.StepAttrs>('Step', (b, { x }, { alpha }) => step(b, x, alpha)),
  recorder<tf.ClipByValueInputs, tf.ClipByValueAttrs>('ClipByValue', (b, { x }, { clipValueMin, clipValueMax }) =>
    b.add('Clip', [x, b.scalar(clipValueMin, x.dtype), b.scalar(clipValueMax, x.dtype)], {}, x.shape, x.dtype),
  ),
  recorder<tf.Relu6Inputs>('Relu6', (b, { x }) =>
    b.add('Clip', [x, b.scalar(0, x.dtype), b.scalar(6, x.dtype)], {}, x.shape, x.dtype),
  ),
  recorder<tf.EluInputs>('Elu', (b, { x }) => unary(b, 'Elu', x, { alpha: 1 })),
  recorder<tf.EluGradInputs>('EluGrad', (b, { dy, y }) =>
    where(b, compare(b, 'GreaterOrEqual', y, b.scalar(0)), dy, mul(b, dy, add(b, y, b.scalar(1)))),
  ),
  // The default alpha and gamma of ONNX are TensorFlow's.
  recorder<tf.SeluInputs>('Selu', (b, { x }) => unary(b, 'Selu', x)),
  recorder<tf.LeakyReluInputs, tf.LeakyReluAttrs>('LeakyRelu', (b, { x }, { alpha }) =>
    unary(b, 'LeakyRelu', x, { alpha }),
  ),
  recorder<tf.PreluInputs>('Prelu', (b, { x, alpha }) => elementwise(b, 'PRelu', [x, alpha])),
  recorder<tf.IsNanInputs>('IsNan', (b, { x }) => b.add('IsNaN', [x], {}, x.shape, 'bool')),
  recorder<tf.IsInfInputs>('IsInf', (b, { x }) => b.add('IsInf', [x], {}, x.shape, 'bool')),
  recorder<tf.IsFiniteInputs>('IsFinite', (b, { x }) =>
    compare(b, 'Less', unary(b, 'Abs', x), b.scalar(Number.POSITIVE_INFINITY)),
  ),
  recorder<tf.ZerosLikeInputs>('ZerosLike', (b, { x }) => filled(b, x.shape, 0, x.dtype)),
  recorder<tf.OnesLikeInputs>('OnesLike', (b, { x }) => filled(b, x.shape, 1, x.dtype)),
  recorder<tf.BroadcastToInputs, tf.BroadCastToAttrs>('BroadcastTo', (b, { x }, { shape }) => expand(b, x, shape)),
];

/** 1 above zero, `alpha` at and below it, NaN for NaN. */
function step(b: GraphBuilder, x: Value, alpha: number): Value {
  const above = compare(b, 'Greater', x, b.scalar(0, x.dtype));
  if (alpha === 0) return cast(b, above, x.dtype);
  return where(b, above, b.scalar(1, x.dtype), b.scalar(alpha, x.dtype));
}

/** log(1 + x) without losing small x: the rounding of u = 1 + x is divided out again (Higham 2002, section 1.14.1). */
function log1p(b: GraphBuilder, x: Value): Value {
  const one = b.scalar(1);
  const u = add(b, x, one);
  const corrected = div(b, mul(b, unary(b, 'Log', u), x), sub(b, u, one));
  // Where u is 1 or infinite the quotient is NaN; there log(1 + x) is x.
  return where(b, usable(b, u), corrected, where(b, compare(b, 'Equal', u, one), x, unary(b, 'Log', u)));
}

function usable(b: GraphBuilder, u: Value): Value {
  const finite = compare(b, 'Less', u, b.scalar(Number.POSITIVE_INFINITY));
  return compare(b, 'And', finite, not(b, compare(b, 'Equal', u, b.scalar(1))));
}

/** exp(x) - 1 without losing small x, by the same correction. */
function expm1(b: GraphBuilder, x: Value): Value {
  const one = b.scalar(1);
  const u = unary(b, 'Exp', x);
  const plain = sub(b, u, one);
  const corrected = div(b, mul(b, plain, x), unary(b, 'Log', u));
  const small = compare(b, 'Less', unary(b, 'Abs', x), one);
  return where(b, compare(b, 'Equal', u, one), x, where(b, small, corrected, plain));
}
