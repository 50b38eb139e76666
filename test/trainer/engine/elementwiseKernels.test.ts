import * as tf from '@tensorflow/tfjs-core';
import { flat, loose, of, type T1, runCases } from './cases';
import { integers, normal, positive, truths, unit } from './parity';

runCases({
  unary: [
    ...(
      [
        'abs',
        'ceil',
        'cos',
        'erf',
        'exp',
        'floor',
        'neg',
        'relu',
        'round',
        'sigmoid',
        'sign',
        'sin',
        'sinh',
        'cosh',
        'softplus',
      ] as const
    ).map((op) => of(op, (x) => tf[op](x), normal(3, 5))),
    ...(['square', 'tanh', 'atan', 'asinh', 'expm1', 'elu', 'selu', 'relu6', 'logSigmoid', 'tan'] as const).map((op) =>
      loose(
        1e-5,
        of(op, (x) => tf[op](x), normal(3, 5)),
      ),
    ),
    ...(['log', 'log1p', 'sqrt', 'rsqrt', 'reciprocal'] as const).map((op) =>
      loose(
        1e-5,
        of(op, (x) => tf[op](x), positive(3, 5)),
      ),
    ),
    ...(['acos', 'asin', 'atanh'] as const).map((op) =>
      loose(
        1e-5,
        of(op, (x) => tf[op](x), unit(3, 5)),
      ),
    ),
    of('acosh', (x) => tf.acosh(tf.add(x, 1.5)), positive(7)),
    flat('log1p of little, much and none', (x) => tf.log1p(tf.mul(x, [1e-7, 1e-3, 0, 1e6, 1e-30])), positive(5)),
    flat('expm1 of little and much', (x) => tf.expm1(tf.mul(x, [1e-7, -1e-3, 0, 20, -40])), positive(5)),
    of('leaky relu', (x) => tf.leakyRelu(x, 0.3), normal(3, 5)),
    of('prelu', (x, a) => tf.prelu(x, a), normal(3, 5), positive(5)),
    of('gelu', (x) => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1)), normal(4, 6)),
    of('swish', (x) => tf.mul(x, tf.sigmoid(x)), normal(4, 6)),
    of('clip', (x) => tf.clipByValue(x, -0.4, 0.7), normal(4, 6)),
    flat('step', (x) => [tf.step(x), tf.step(x, 0.2)], normal(9)),
    flat(
      'not a number, infinite, finite',
      (x) => {
        const odd = tf.div(tf.concat([x as T1, tf.tensor1d([0, 1])]), tf.tensor1d([1, 1, 1, 0, 0]));
        return [tf.isNaN(odd), tf.isInf(odd), tf.isFinite(odd)];
      },
      normal(3),
    ),
    flat(
      'cast',
      (x, n, t) => [
        tf.cast(x, 'int32'),
        tf.cast(x, 'bool'),
        tf.cast(n, 'float32'),
        tf.cast(n, 'bool'),
        tf.cast(t, 'float32'),
        tf.cast(t, 'int32'),
      ],
      normal(6),
      integers(3, 6),
      truths(6),
    ),
    flat('zeros and ones like', (x) => [tf.zerosLike(x), tf.onesLike(x)], normal(2, 3)),
    flat('unary of integers', (n) => [tf.abs(n), tf.neg(n), tf.square(n), tf.sign(n)], integers(5, 4)),
  ],
  binary: [
    ...(['add', 'sub', 'mul', 'maximum', 'minimum', 'squaredDifference'] as const).flatMap((op) => [
      of(op, (a, b) => tf[op](a, b), normal(3, 4), normal(3, 4)),
      // The gradients of TensorFlow.js's extremes and squared difference do not broadcast.
      {
        ...of(`${op}, broadcast`, (a, b) => tf[op](a, b), normal(3, 1, 4), normal(5, 1)),
        gradients: ['add', 'sub', 'mul'].includes(op),
      },
      of(`${op} with a number`, (a) => tf[op](a, 0.7), normal(3, 4)),
    ]),
    loose(
      1e-5,
      of('div', (a, b) => tf.div(a, b), normal(3, 4), positive(4)),
    ),
    loose(
      1e-5,
      of('pow', (a, b) => tf.pow(a, b), positive(3, 4), normal(4)),
    ),
    of('add of many', (a, b, c) => tf.addN([a, b, c]), normal(3, 4), normal(3, 4), normal(3, 4)),
    loose(
      1e-5,
      flat('remainder', (a, b) => tf.mod(a, b), normal(3, 4), positive(3, 4)),
    ),
    flat(
      'of integers',
      (a, b) => [
        tf.add(a, b),
        tf.sub(a, b),
        tf.mul(a, b),
        tf.floorDiv(tf.neg(a), tf.add(b, 1)),
        tf.mod(tf.neg(a), tf.add(b, 1)),
        tf.maximum(a, b),
      ],
      integers(9, 3, 4),
      integers(4, 4),
    ),
    of('the same operand twice', (a) => tf.add(tf.mul(a, a), a), normal(3, 4)),
  ],
  comparison: [
    flat(
      'orders',
      (a, b) => [
        tf.greater(a, b),
        tf.greaterEqual(a, b),
        tf.less(a, b),
        tf.lessEqual(a, b),
        tf.equal(a, b),
        tf.notEqual(a, b),
      ],
      integers(3, 4, 5),
      integers(3, 5),
    ),
    flat('orders of numbers', (a, b) => [tf.greater(a, b), tf.lessEqual(a, b)], normal(4, 5), normal(5)),
    flat(
      'logic',
      (a, b) => [tf.logicalAnd(a, b), tf.logicalOr(a, b), tf.logicalXor(a, b), tf.logicalNot(a), tf.equal(a, b)],
      truths(4, 5),
      truths(4, 5),
    ),
    of('where', (c, a, b) => tf.where(c, a, b), truths(3, 4), normal(3, 4), normal(3, 4)),
    of('where, broadcast', (c, a, b) => tf.where(c, a, b), truths(3, 1), normal(3, 4), normal(4)),
    of('mask', (a, t) => tf.mul(a, tf.cast(t, 'float32')), normal(3, 4), truths(3, 4)),
    flat(
      'a mask of its own',
      (a) => tf.mul(a, tf.cast(tf.logicalAnd(tf.greater(a, 0), tf.less(a, 1)), 'float32')),
      normal(9),
    ),
  ],
});
