import * as tf from '@tensorflow/tfjs-core';
import { batchStatistics, normaliseBatch } from '../../../src/trainer/models/batchNorm';
import { flat, loose, of, runCases, type T1, type T4 } from './cases';
import { normal } from './parity';

/** Pictures of 8 x 8 and more take other ways through the engine than those of the other tests. */
const TOLERANCE = 1e-5;

runCases({
  'convolution of large pictures': [
    ...([1, 2] as const).flatMap((stride) =>
      (['same', 'valid'] as const).flatMap((pad) =>
        [3, 6].map((channels) =>
          loose(
            TOLERANCE,
            of(
              `${channels} channels, stride ${stride}, ${pad}`,
              (x, f) => tf.conv2d(x as T4, f as T4, stride, pad),
              normal(3, 19, 18, channels),
              normal(3, 3, channels, 5),
            ),
          ),
        ),
      ),
    ),
    loose(
      TOLERANCE,
      of(
        'window that is not square, unequal strides',
        (x, f) => tf.conv2d(x as T4, f as T4, [1, 2], 'same'),
        normal(2, 9, 20, 6),
        normal(2, 5, 6, 7),
      ),
    ),
    loose(
      TOLERANCE,
      of('large filters', (x, f) => tf.conv2d(x as T4, f as T4, 1, 'same'), normal(2, 8, 8, 48), normal(3, 3, 48, 64)),
    ),
  ],
  // Batches and channels in multiples of 16 are computed in ONNX Runtime's blocked layout.
  'convolution in whole blocks': [
    ...([1, 2, 3] as const).flatMap((stride) =>
      (['same', 'valid'] as const).flatMap((pad) =>
        [8, 9].map((size) =>
          loose(
            TOLERANCE,
            of(
              `${size} x ${size}, stride ${stride}, ${pad}`,
              (x, f) => tf.conv2d(x as T4, f as T4, stride, pad),
              normal(16, size, size, 16),
              normal(3, 3, 16, 32),
            ),
          ),
        ),
      ),
    ),
    ...[1, 3].map((channels) =>
      loose(
        TOLERANCE,
        of(
          `of ${channels} channels`,
          (x, f) => tf.conv2d(x as T4, f as T4, 2, 'same'),
          normal(16, 6, 8, channels),
          normal(3, 3, channels, 16),
        ),
      ),
    ),
    loose(
      TOLERANCE,
      of(
        'unequal strides, large window, a batch that fills no block',
        (x, f) => tf.conv2d(x as T4, f as T4, [1, 2], 'same'),
        normal(3, 6, 8, 16),
        normal(5, 4, 16, 16),
      ),
    ),
    loose(
      TOLERANCE,
      flat(
        'dilated',
        (x, f) => tf.conv2d(x as T4, f as T4, 1, 'same', 'NHWC', 2),
        normal(16, 8, 8, 16),
        normal(3, 3, 16, 16),
      ),
    ),
    loose(
      TOLERANCE,
      of(
        'a residual block with normalisation',
        (x, f, g, scale, shift) => {
          const layer = (input: T4, filter: tf.Tensor, stride: number): T4 => {
            const y: T4 = tf.conv2d(input, filter as T4, stride, 'same');
            return normaliseBatch(y, batchStatistics(y), scale as T1, shift as T1);
          };
          const first: T4 = tf.relu(layer(x as T4, f, 2));
          const second = tf.relu<T4>(tf.add(first, layer(first, g, 1)));
          return tf.mul(tf.mean(second, [1, 2]), 3);
        },
        normal(16, 8, 8, 16),
        normal(3, 3, 16, 32),
        normal(3, 3, 32, 32),
        normal(32),
        normal(32),
      ),
    ),
  ],
  'batch normalisation of large pictures': [8, 16].map((size) =>
    loose(
      TOLERANCE,
      of(
        `${size} x ${size}, after a convolution and before ReLU`,
        (x, f, scale, shift) => {
          const y: T4 = tf.conv2d(x as T4, f as T4, 1, 'same');
          return tf.relu(normaliseBatch(y, batchStatistics(y), scale as T1, shift as T1));
        },
        normal(3, size, size, 4),
        normal(3, 3, 4, 6),
        normal(6),
        normal(6),
      ),
    ),
  ),
});
