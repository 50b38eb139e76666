import * as tf from '@tensorflow/tfjs-core';
import { describe, it } from 'vitest';
import { type Compute, expectParity, integers, normal, type Operand, positive, truths, unit } from './parity';

interface Case {
  readonly name: string;
  readonly compute: Compute;
  readonly operands: readonly Operand[];
  readonly gradients?: boolean;
  readonly tolerance?: number;
}

const of = (name: string, compute: Compute, ...operands: Operand[]): Case => ({ name, compute, operands });
/** Kernels without a derivative. */
const flat = (name: string, compute: Compute, ...operands: Operand[]): Case => ({
  ...of(name, compute, ...operands),
  gradients: false,
});
const loose = (tolerance: number, test: Case): Case => ({ ...test, tolerance });

type T1 = tf.Tensor1D;
type T2 = tf.Tensor2D;
type T3 = tf.Tensor3D;
type T4 = tf.Tensor4D;

const GROUPS: Record<string, Case[]> = {
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
  reduction: [
    ...(['sum', 'mean', 'max', 'min'] as const).flatMap((op) => [
      of(`${op} of all`, (x) => tf[op](x), normal(3, 4, 5)),
      of(`${op} along the last axis`, (x) => tf[op](x, -1), normal(3, 4, 5)),
      of(`${op} along two axes, kept`, (x) => tf[op](x, [0, 2], true), normal(3, 4, 5)),
    ]),
    loose(
      1e-5,
      flat('product', (x) => tf.prod(x, 1), positive(3, 4)),
    ),
    flat(
      'sum of integers and booleans',
      (n, t) => [tf.sum(n, 0), tf.sum(t, 1), tf.max(n, 0), tf.min(n)],
      integers(5, 3, 4),
      truths(3, 4),
    ),
    flat('all, any', (t) => [tf.all(t, 1), tf.any(t, 0), tf.any(t)], truths(4, 2)),
    flat('places of extremes', (x) => [tf.argMax(x, 1), tf.argMin(x, 0), tf.argMax(x, -1)], normal(4, 3)),
    flat('places of equal extremes', (n) => [tf.argMax(n, 1), tf.argMin(n, 1)], integers(2, 5, 6)),
    of('cumulative sum', (x) => tf.cumsum(x, 1), normal(3, 4)),
    flat('cumulative sum along the first axis', (x) => tf.cumsum(x, 0), normal(3, 4)),
    of('cumulative sum, exclusive and reversed', (x) => tf.cumsum(x, 1, true, true), normal(3, 4)),
    flat(
      'top k',
      (x) => {
        const { values, indices } = tf.topk(x, 3);
        return [values, indices];
      },
      normal(4, 7),
    ),
    flat(
      'top k of equals',
      (x) => {
        const { values, indices } = tf.topk(tf.cast(x, 'float32'), 5);
        return [values, indices];
      },
      integers(2, 3, 7),
    ),
    of('softmax', (x) => tf.softmax(x), normal(4, 5)),
    of('log softmax', (x) => tf.logSoftmax(x), normal(4, 5)),
    of('log-sum-exp', (x) => tf.logSumExp(tf.mul(x, 30), 1), normal(4, 5)),
    of('variance', (x) => tf.moments(x, [0, 1]).variance, normal(4, 5, 3)),
    of('norm', (x) => tf.norm(x, 'euclidean', 1), normal(4, 5)),
  ],
  shape: [
    of('reshape', (x) => tf.mul(tf.reshape(x, [6, -1]), 2), normal(3, 2, 4)),
    of('expand dims and squeeze', (x) => tf.squeeze(tf.expandDims(tf.expandDims(x, 0), -1)), normal(3, 4)),
    of('transpose', (x) => tf.transpose(x, [2, 0, 1]), normal(2, 3, 4)),
    of(
      'transposed and not',
      (x) => tf.add(tf.matMul(x as T2, tf.transpose(x) as T2), tf.transpose(tf.mul(x, x))),
      normal(4, 4),
    ),
    of('slice', (x) => tf.slice(x, [1, 0, 2], [2, -1, 2]), normal(4, 3, 5)),
    flat(
      'strided slice',
      (x) => [tf.stridedSlice(x, [0, 1], [4, 5], [2, 2]), tf.stridedSlice(x, [1, 0], [2, 5], [1, 1], 0, 0, 0, 0, 1)],
      normal(4, 5),
    ),
    of('concat', (a, b) => tf.concat([a, b], 1), normal(3, 2, 4), normal(3, 5, 4)),
    of('stack and unstack', (a, b) => tf.add(tf.unstack(tf.stack([a, b], 1), 1)[1], a), normal(3, 4), normal(3, 4)),
    of('split', (x) => tf.sub(tf.split(x, [1, 2, 3], 1)[1], tf.split(x, 3, 1)[0]), normal(4, 6)),
    of('tile', (x) => tf.tile(x, [2, 3]), normal(2, 4)),
    of('broadcast', (x) => tf.mul(tf.broadcastTo(x, [3, 4, 5]), 2), normal(4, 1)),
    of(
      'pad',
      (x) =>
        tf.pad(
          x,
          [
            [1, 2],
            [0, 3],
          ],
          0.5,
        ),
      normal(3, 4),
    ),
    flat(
      'mirror pad',
      (x) =>
        tf.mirrorPad(
          x,
          [
            [1, 2],
            [0, 3],
          ],
          'reflect',
        ),
      normal(3, 4),
    ),
    of('reverse', (x) => tf.reverse(x, [0, 2]), normal(2, 3, 4)),
    flat(
      'made of numbers',
      (x) => [
        tf.add(tf.range(0, 4), x),
        tf.add(tf.linspace(0, 1, 4), x),
        tf.add(tf.fill([4], 0.3), x),
        tf.add(tf.eye(4), x),
        tf.zeros([300, 2]),
        tf.ones([3], 'int32'),
      ],
      normal(4),
    ),
  ],
  indexing: [
    of('gather', (x, i) => tf.gather(x, i as T1), normal(5, 3), integers(5, 7)),
    of('gather along an inner axis', (x, i) => tf.gather(x, i as T2, 1), normal(3, 5, 2), integers(5, 2, 4)),
    flat('gather in batches', (x, i) => tf.gather(x, i as T2, 1, 1), normal(3, 5, 2), integers(5, 3, 4)),
    flat('gather nd', (x, i) => tf.gatherND(x, i), normal(4, 4, 3), integers(4, 5, 2)),
    flat(
      'one hot',
      (i) => [tf.oneHot(i, 4), tf.oneHot(i, 6, 0.9, 0.1, 'float32'), tf.oneHot(i, 6, 1, 0, 'float32')],
      integers(6, 5),
    ),
    of('sums of segments', (x, i) => tf.unsortedSegmentSum(x, i as T1, 4), normal(7, 3), integers(4, 7)),
  ],
  'matrix product': [
    ...[false, true].flatMap((a) =>
      [false, true].map((b) =>
        of(
          `${a ? 'a transposed' : 'a'}, ${b ? 'b transposed' : 'b'}`,
          (x, y) => tf.matMul(x as T2, y as T2, a, b),
          a ? normal(4, 3) : normal(3, 4),
          b ? normal(5, 4) : normal(4, 5),
        ),
      ),
    ),
    of('of stacks', (x, y) => tf.matMul(x as T3, y as T3, false, true), normal(2, 3, 4), normal(2, 5, 4)),
    of('of transposed stacks', (x, y) => tf.matMul(x as T3, y as T3, true, false), normal(2, 4, 3), normal(2, 4, 5)),
    flat('of broadcast stacks', (x, y) => tf.matMul(x as T3, y as T3), normal(2, 3, 4), normal(1, 4, 5)),
    of('Gram matrix', (x) => tf.matMul(x as T2, x as T2, false, true), normal(6, 5)),
    of('dot', (x, y) => tf.dot(x, y), normal(5), normal(5)),
  ],
  convolution: [
    ...([1, 2] as const).flatMap((stride) =>
      (['same', 'valid'] as const).flatMap((pad) =>
        (
          [
            [3, 3],
            [1, 1],
            [2, 3],
            [5, 5],
          ] as const
        ).map(([h, w]) =>
          loose(
            1e-5,
            of(
              `${h}x${w}, stride ${stride}, ${pad}`,
              (x, f) => tf.conv2d(x as T4, f as T4, stride, pad),
              normal(2, 8, 7, 3),
              normal(h, w, 3, 4),
            ),
          ),
        ),
      ),
    ),
    loose(
      1e-5,
      of(
        'unequal strides',
        (x, f) => tf.conv2d(x as T4, f as T4, [1, 2], 'same'),
        normal(2, 6, 9, 2),
        normal(3, 3, 2, 4),
      ),
    ),
    loose(
      1e-5,
      of(
        'a number as padding',
        (x, f) => tf.conv2d(x as T4, f as T4, 2, 3, 'NHWC', 1, 'floor'),
        normal(2, 6, 9, 2),
        normal(3, 3, 2, 4),
      ),
    ),
    loose(
      1e-5,
      flat(
        'dilated',
        (x, f) => tf.conv2d(x as T4, f as T4, 1, 'same', 'NHWC', 2),
        normal(2, 9, 9, 2),
        normal(3, 3, 2, 4),
      ),
    ),
    loose(
      1e-5,
      of(
        'transposed',
        (x, f) => tf.conv2dTranspose(x as T4, f as T4, [2, 8, 8, 3], 2, 'same'),
        normal(2, 4, 4, 5),
        normal(3, 3, 3, 5),
      ),
    ),
    loose(
      1e-5,
      of(
        'depthwise',
        (x, f) => tf.depthwiseConv2d(x as T4, f as T4, 1, 'same'),
        normal(2, 6, 6, 3),
        normal(3, 3, 3, 1),
      ),
    ),
    loose(
      1e-5,
      of(
        'depthwise, two filters a channel, stride 2',
        (x, f) => tf.depthwiseConv2d(x as T4, f as T4, 2, 'same'),
        normal(2, 7, 7, 3),
        normal(3, 3, 3, 2),
      ),
    ),
    loose(
      1e-5,
      of(
        'two layers with what lies between',
        (x, f, g) => {
          const y = tf.relu(tf.add(tf.conv2d(x as T4, f as T4, 2, 'same'), 0.1));
          return tf.mean(tf.add(tf.conv2d(y as T4, g as T4, 1, 'same'), y), [1, 2]);
        },
        normal(2, 8, 8, 3),
        normal(3, 3, 3, 4),
        normal(3, 3, 4, 4),
      ),
    ),
  ],
  pooling: [
    of('max', (x) => tf.maxPool(x as T4, 2, 2, 'valid'), normal(2, 6, 8, 3)),
    of('max, overlapping, over the edge', (x) => tf.maxPool(x as T4, 3, 2, 'same'), normal(2, 7, 6, 3)),
    of('max, stride 1', (x) => tf.maxPool(x as T4, 3, 1, 'same'), normal(2, 5, 5, 2)),
    of(
      'max of equals',
      (x, n) =>
        tf.add(
          tf.maxPool(tf.relu(tf.mul(x, 0)) as T4, 2, 2, 'valid'),
          tf.maxPool(tf.add(tf.cast(n, 'float32'), tf.mul(x, 0)) as T4, 2, 2, 'valid'),
        ),
      normal(1, 4, 4, 2),
      integers(2, 1, 4, 4, 2),
    ),
    of('mean', (x) => tf.avgPool(x as T4, 2, 2, 'valid'), normal(2, 6, 8, 3)),
    of('mean, overlapping', (x) => tf.avgPool(x as T4, 3, 2, 'valid'), normal(2, 7, 7, 3)),
    flat('mean over the edge', (x) => tf.avgPool(x as T4, 3, 2, 'same'), normal(2, 6, 6, 3)),
    of('global mean', (x) => tf.mean(x, [1, 2]), normal(2, 6, 6, 3)),
  ],
  normalisation: [
    of(
      'batch norm with given statistics',
      (x, m, v, o, s) => tf.batchNorm(x, m as T1, v as T1, o as T1, s as T1, 1e-3),
      normal(2, 3, 3, 4),
      normal(4),
      positive(4),
      normal(4),
      normal(4),
    ),
    flat(
      'batch norm without scale and offset',
      (x, m, v) => tf.batchNorm(x, m as T1, v as T1),
      normal(2, 3, 3, 4),
      normal(4),
      positive(4),
    ),
    loose(
      1e-5,
      of(
        'batch norm by the batch',
        (x, g, b) => {
          const { mean, variance } = tf.moments(x, [0, 1, 2]);
          return tf.add(tf.mul(tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-5))), g), b);
        },
        normal(3, 4, 4, 5),
        normal(5),
        normal(5),
      ),
    ),
    loose(
      1e-5,
      of(
        'layer norm',
        (x) => {
          const { mean, variance } = tf.moments(x, -1, true);
          return tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-5)));
        },
        normal(4, 6),
      ),
    ),
    of('L2', (x) => tf.div(x, tf.sqrt(tf.add(tf.sum(tf.square(x), 1, true), 1e-12))), normal(4, 6)),
  ],
};

for (const [group, cases] of Object.entries(GROUPS)) {
  describe(group, () => {
    it.each(cases)('$name', async ({ compute, operands, gradients, tolerance }) => {
      await expectParity(compute, operands, {
        ...(gradients === undefined ? {} : { gradients }),
        ...(tolerance === undefined ? {} : { tolerance }),
      });
    });
  });
}
