import * as tf from '@tensorflow/tfjs-core';
import { flat, loose, of, type T4, runCases } from './cases';
import { integers, normal, positive } from './parity';

runCases({
  'matrix product': [
    ...[false, true].flatMap((a) =>
      [false, true].map((b) =>
        of(
          `${a ? 'a transposed' : 'a'}, ${b ? 'b transposed' : 'b'}`,
          (x, y) => tf.matMul(x, y, a, b),
          a ? normal(4, 3) : normal(3, 4),
          b ? normal(5, 4) : normal(4, 5),
        ),
      ),
    ),
    of('of stacks', (x, y) => tf.matMul(x, y, false, true), normal(2, 3, 4), normal(2, 5, 4)),
    of('of transposed stacks', (x, y) => tf.matMul(x, y, true, false), normal(2, 4, 3), normal(2, 4, 5)),
    flat('of broadcast stacks', (x, y) => tf.matMul(x, y), normal(2, 3, 4), normal(1, 4, 5)),
    of('Gram matrix', (x) => tf.matMul(x, x, false, true), normal(6, 5)),
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
          const y = tf.relu<T4>(tf.add<T4>(tf.conv2d(x as T4, f as T4, 2, 'same'), 0.1));
          return tf.mean(tf.add(tf.conv2d(y, g as T4, 1, 'same'), y), [1, 2]);
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
          tf.maxPool(tf.relu<T4>(tf.mul(x, 0)), 2, 2, 'valid'),
          tf.maxPool(tf.add<T4>(tf.cast(n, 'float32'), tf.mul(x, 0)), 2, 2, 'valid'),
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
      (x, m, v, o, s) => tf.batchNorm(x, m, v, o, s, 1e-3),
      normal(2, 3, 3, 4),
      normal(4),
      positive(4),
      normal(4),
      normal(4),
    ),
    flat(
      'batch norm without scale and offset',
      (x, m, v) => tf.batchNorm(x, m, v),
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
});
