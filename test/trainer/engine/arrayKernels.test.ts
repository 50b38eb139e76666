import * as tf from '@tensorflow/tfjs-core';
import { flat, loose, of, type T1, type T2, runCases } from './cases';
import { integers, normal, positive, truths } from './parity';

runCases({
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
    of('gather', (x, i) => tf.gather(x, i), normal(5, 3), integers(5, 7)),
    of('gather along an inner axis', (x, i) => tf.gather(x, i, 1), normal(3, 5, 2), integers(5, 2, 4)),
    flat('gather in batches', (x, i) => tf.gather(x, i, 1, 1), normal(3, 5, 2), integers(5, 3, 4)),
    flat('gather nd', (x, i) => tf.gatherND(x, i), normal(4, 4, 3), integers(4, 5, 2)),
    flat(
      'one hot',
      (i) => [tf.oneHot(i, 4), tf.oneHot(i, 6, 0.9, 0.1, 'float32'), tf.oneHot(i, 6, 1, 0, 'float32')],
      integers(6, 5),
    ),
    of('sums of segments', (x, i) => tf.unsortedSegmentSum(x, i as T1, 4), normal(7, 3), integers(4, 7)),
  ],
});
