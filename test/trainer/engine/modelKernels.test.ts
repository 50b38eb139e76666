/** Kernels beyond the convolutional network's: what transformers, other architectures and losses to come are made of. */
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { cpuEngine } from '../../../src/trainer/engine/cpuEngine';
import { onnxEngine } from '../../../src/trainer/engine/onnxEngine';
import { RECORDERS } from '../../../src/trainer/engine/tracer/kernels';
import { trace } from '../../../src/trainer/engine/tracer/trace';
import { gatherFromRows } from '../../../src/trainer/losses/gatherFromRows';
import { Random } from '../../../src/trainer/random';
import { flat, loose, of, type T1, type T2, type T3, type T4, runCases } from './cases';
import { drawTensor, integers, normal, type Operand, positive, programOf, runOnce, truths } from './parity';

const gelu = (x: tf.Tensor): tf.Tensor => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));
const geluTanh = (x: tf.Tensor): tf.Tensor => {
  const inner = tf.mul(tf.add(x, tf.mul(tf.pow(x, 3), 0.044715)), Math.sqrt(2 / Math.PI));
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(inner), 1));
};

function attention(x: tf.Tensor, w: tf.Tensor, heads: number): tf.Tensor {
  const [count, tokens, width] = x.shape;
  const all = tf.matMul(tf.reshape(x, [count * tokens, width]), w);
  const [q, k, v] = tf
    .unstack(tf.reshape(all, [count, tokens, 3, heads, width / heads]), 2)
    .map((part) => tf.transpose(part, [0, 2, 1, 3]));
  const scores = tf.softmax(tf.mul(tf.matMul(q, k, false, true), 1 / Math.sqrt(width / heads)));
  return tf.reshape(tf.transpose(tf.matMul(scores, v), [0, 2, 1, 3]), [count, tokens, width]);
}

const few = (...shape: number[]): Operand => ({ shape, dtype: 'float32', draw: (random) => random.integer(3) - 1 });
const resizes = [
  ['larger', [7, 9]],
  ['smaller', [3, 2]],
  ['to one', [1, 1]],
] as const;

const samplings = [
  ['plain', false, false],
  ['corners', true, false],
  ['half pixels', false, true],
] as const;

runCases({
  activation: [
    loose(1e-5, of('gelu by the error function', gelu, normal(4, 6))),
    loose(1e-5, of('gelu by the hyperbolic tangent', geluTanh, normal(4, 6))),
    of('swish', (x) => tf.mul(x, tf.sigmoid(x)), normal(4, 6)),
    loose(
      1e-5,
      of('mish', (x) => tf.mul(x, tf.tanh(tf.softplus(x))), normal(4, 6)),
    ),
    of('prelu with a slope a channel', (x, a) => tf.prelu(x, a), normal(2, 3, 3, 4), positive(4)),
    of(
      'dropout with a given mask',
      (x, m) => tf.mul(tf.mul(x, tf.cast(m, 'float32')), 1 / 0.8),
      normal(4, 6),
      truths(4, 1),
    ),
    of('hard sigmoid', (x) => tf.clipByValue(tf.add(tf.mul(x, 0.2), 0.5), 0, 1), normal(4, 6)),
  ],
  attention: [
    loose(
      1e-5,
      of('of two heads', (x, w) => attention(x, w, 2), normal(2, 5, 6), normal(6, 18)),
    ),
    loose(
      1e-5,
      of(
        'with masked keys',
        (x, m) => {
          const kept = tf.reshape(tf.cast(m, 'float32'), [2, 1, 5]);
          const scores = tf.add(tf.matMul(x as T3, x as T3, false, true), tf.mul(tf.sub(1, kept), -1e9));
          return tf.matMul(tf.softmax(scores), x);
        },
        normal(2, 5, 6),
        truths(2, 5),
      ),
    ),
    flat(
      'einsum',
      (x, y) => [tf.einsum('nqd,nkd->nqk', x, y), tf.einsum('ij,jk->ik', x.as2D(6, 4), y.as2D(4, 10))],
      normal(2, 3, 4),
      normal(2, 5, 4),
    ),
  ],
  'angles and products': [
    of('atan2', (y, x) => tf.atan2(y, x), normal(5, 6), normal(5, 6)),
    flat('atan2 on the axes', (y, x) => tf.atan2(y, x), few(9, 9), few(9, 9)),
    of('angle between unit vectors', (x) => tf.acos(tf.clipByValue(x, -0.9, 0.9)), normal(4, 4)),
    loose(
      1e-5,
      flat(
        'cumulative products',
        (x) => [tf.cumprod(x, 1), tf.cumprod(x, 0, true), tf.cumprod(x, 2, false, true), tf.cumprod(x, 1, true, true)],
        normal(3, 5, 4),
      ),
    ),
  ],
  lookup: [
    of('embedding with repeated words', (table, i) => tf.gather(table, i), normal(6, 3), integers(6, 4, 5)),
    {
      ...of(
        'embedding of a large vocabulary',
        (table, i) => tf.gather(table, i),
        normal(70_000, 2),
        integers(70_000, 64),
      ),
      tolerance: 1e-6,
    },
    flat(
      'segments of a large number, some of them none',
      (x, i) => tf.unsortedSegmentSum(x, tf.sub<T1>(tf.mul(i, tf.scalar(7, 'int32')), tf.scalar(3, 'int32')), 150_000),
      normal(40, 2),
      integers(30_000, 40),
    ),
    of('the largest by their places', (x) => gatherFromRows(x as T2, tf.topk(x as T2, 3).indices), normal(4, 7)),
    flat('scatter, adding', (i, u) => tf.scatterND(i, u, [4, 5, 2]), integers(4, 6, 2), normal(6, 2)),
    flat('scatter into a row', (i, u) => tf.scatterND(i, u, [4]), integers(4, 9, 1), normal(9)),
    flat(
      'update',
      (x, u) => tf.tensorScatterUpdate(x, tf.tensor2d([[2], [0]], [2, 1], 'int32'), u),
      normal(4, 3),
      normal(2, 3),
    ),
    flat(
      'places in a sorted sequence',
      (v) => {
        const sorted = tf.tensor2d([0, 1, 2, 2, 4, 5, 6, 7], [2, 4]);
        const values = tf.cast(v, 'float32') as T2;
        return [tf.searchSorted(sorted, values, 'left'), tf.searchSorted(sorted, values, 'right')];
      },
      integers(9, 2, 5),
    ),
    flat('band of a matrix', (x) => tf.linalg.bandPart(x, 1, 2), normal(2, 4, 5)),
    flat('diagonal', (x) => [tf.diag(x), tf.diag(tf.reshape(x, [2, 3]))], normal(6)),
  ],
  'masked reductions': [
    of('largest of what a mask keeps', (x, m) => tf.max(tf.where(m, x, tf.fill([4, 5], -1e6)), 1), normal(4, 5), {
      shape: [4, 5],
      dtype: 'bool',
      draw: (random) => (random.next() < 0.7 ? 1 : 0),
    }),
    of(
      'mean of what a mask keeps',
      (x, m) => {
        const kept = tf.cast(m, 'float32');
        return tf.div(tf.sum(tf.mul(x, kept), 1), tf.maximum(tf.sum(kept, 1), 1));
      },
      normal(4, 5),
      truths(4, 5),
    ),
    loose(
      1e-5,
      of('standard deviation of rows', (x) => tf.sqrt(tf.add(tf.moments(x, 0).variance, 1e-4)), normal(6, 4)),
    ),
    loose(
      1e-5,
      of(
        'covariance',
        (x) => tf.matMul(tf.sub<T2>(x, tf.mean(x, 0)), tf.sub<T2>(x, tf.mean(x, 0)), true),
        normal(6, 4),
      ),
    ),
  ],
  resizing: [
    // The gradients of TensorFlow.js's CPU backend are wrong here; below they are compared with the definition.
    ...resizes.flatMap(([name, size]) =>
      samplings.flatMap(([sampling, ...flags]) => [
        flat(
          `bilinear, ${sampling}, ${name}`,
          (x) => tf.image.resizeBilinear(x as T4, [...size], ...flags),
          normal(2, 4, 5, 3),
        ),
        flat(
          `nearest, ${sampling}, ${name}`,
          (x) => tf.image.resizeNearestNeighbor(x as T4, [...size], ...flags),
          normal(2, 4, 5, 3),
        ),
      ]),
    ),
  ],
  layout: [
    flat('depth to space', (x) => tf.depthToSpace(x as T4, 2), normal(2, 3, 2, 8)),
    of(
      'space to batch',
      (x) =>
        tf.spaceToBatchND(
          x,
          [2, 3],
          [
            [1, 1],
            [0, 1],
          ],
        ),
      normal(2, 4, 5, 3),
    ),
    of(
      'batch to space',
      (x) =>
        tf.batchToSpaceND(
          x,
          [2, 2],
          [
            [0, 1],
            [1, 0],
          ],
        ),
      normal(8, 2, 3, 2),
    ),
    flat('dilated pooling', (x) => tf.pool(x as T4, 2, 'max', 'valid', 2), normal(2, 7, 7, 3)),
    flat(
      'symmetric mirror pad',
      (x) =>
        tf.mirrorPad(
          x,
          [
            [1, 2],
            [0, 3],
          ],
          'symmetric',
        ),
      normal(3, 4),
    ),
    of(
      'grouped convolution',
      (x, f, g) => {
        const [left, right] = tf.split<T4>(x, 2, 3);
        return tf.concat([tf.conv2d(left, f as T4, 1, 'same'), tf.conv2d(right, g as T4, 1, 'same')], 3);
      },
      normal(2, 5, 5, 4),
      normal(3, 3, 2, 3),
      normal(3, 3, 2, 3),
    ),
    of(
      'convolution along one axis',
      (x, f) => tf.conv1d(x as T3, f as T3, 2, 'same'),
      normal(2, 9, 3),
      normal(3, 3, 4),
    ),
    loose(
      1e-5,
      of(
        'depthwise, then pointwise',
        (x, f, g) => tf.separableConv2d(x as T4, f as T4, g as T4, 1, 'same'),
        normal(2, 6, 6, 3),
        normal(3, 3, 3, 1),
        normal(1, 1, 3, 5),
      ),
    ),
    loose(
      1e-5,
      of(
        'local response normalisation',
        (x) => tf.localResponseNormalization(x as T4, 2, 1, 0.5, 0.75),
        normal(2, 3, 3, 7),
      ),
    ),
  ],
  fused: [
    ...(['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu'] as const).map((activation) =>
      of(
        `product, bias, ${activation}`,
        (a, b, bias) => tf.fused.matMul({ a: a, b: b, bias, activation, transposeB: true, leakyreluAlpha: 0.3 }),
        normal(3, 4),
        normal(5, 4),
        normal(5),
      ),
    ),
    flat(
      'convolution, bias, prelu',
      (x, filter, bias, slopes) =>
        tf.fused.conv2d({
          x: x as T4,
          filter: filter as T4,
          strides: 2,
          pad: 'same',
          bias,
          activation: 'prelu',
          preluActivationWeights: slopes,
        }),
      normal(2, 5, 6, 3),
      normal(3, 3, 3, 4),
      normal(4),
      positive(4),
    ),
    of(
      'depthwise convolution, bias, relu6',
      (x, filter, bias) =>
        tf.fused.depthwiseConv2d({
          x: x as T4,
          filter: filter as T4,
          strides: 1,
          pad: 'same',
          bias,
          activation: 'relu6',
        }),
      normal(2, 5, 6, 3),
      normal(3, 3, 3, 1),
      normal(3),
    ),
  ],
});

describe.each(['resizeBilinear', 'resizeNearestNeighbor'] as const)('the gradient of %s', (op) => {
  it.each(samplings)('with sampling %s is that of its definition', async (_, ...flags) => {
    const operand = normal(1, 3, 4, 2);
    const resize = (x: tf.Tensor): tf.Tensor => tf.image[op](x as T4, [5, 7], ...flags);
    const x = drawTensor(operand, new Random(3));
    const found = await runOnce(await onnxEngine({ threads: 1 }), programOf(resize, [operand], true), { 0: x });
    const plain = programOf(resize, [operand], false);
    // The operation is linear: the gradient of an element is the weighted sum of what a one in its place becomes.
    for (let i = 0; i < x.data.length; i++) {
      const one = { shape: x.shape, data: Float32Array.from(x.data, (__, j) => (i === j ? 1 : 0)) };
      const { 'value 0': value } = await runOnce(cpuEngine(), plain, { 0: one });
      const expected = (value.data as Float32Array).reduce((sum, v, j) => sum + v * (Math.cos(j) + 0.3), 0);
      expect(found['gradient 0'].data[i]).toBeCloseTo(expected, 5);
    }
  });
});

/** What no network, loss or optimiser of pictures, vectors or token numbers asks for, or what needs values or chance. */
const UNRECORDED = [
  ...['AvgPool3D', 'AvgPool3DGrad', 'Conv3D', 'Conv3DBackpropFilterV2', 'Conv3DBackpropInputV2', 'MaxPool3D'],
  ...['MaxPool3DGrad', 'MaxPoolWithArgmax', 'Dilation2D', 'Dilation2DBackpropFilter', 'Dilation2DBackpropInput'],
  ...['Complex', 'ComplexAbs', 'FFT', 'IFFT', 'Imag', 'Real', 'Multinomial', 'Unique', 'BroadcastArgs'],
  ...['CropAndResize', 'FlipLeftRight', 'RotateWithOffset', 'Transform', 'Draw', 'FromPixels', 'Bincount'],
  ...['DenseBincount', 'BitwiseAnd', 'NonMaxSuppressionV3', 'NonMaxSuppressionV4', 'NonMaxSuppressionV5'],
  ...['RaggedGather', 'RaggedRange', 'RaggedTensorToTensor', 'SparseFillEmptyRows', 'SparseReshape'],
  ...['SparseSegmentMean', 'SparseSegmentSum', 'SparseToDense', 'StaticRegexReplace', 'StringNGrams'],
  ...['StringSplit', 'StringToHashBucketFast'],
  // Names without a kernel: TensorFlow.js builds these operations out of others.
  ...['LowerBound', 'UpperBound', 'MatrixBandPart', 'Pool'],
];

describe('what cannot be recorded', () => {
  it('is this, and nothing else that TensorFlow.js has', () => {
    const all = Object.entries(tf).flatMap(([name, value]) => (name === value ? [name] : []));
    const recorded = new Set(RECORDERS.map(({ kernel }) => kernel));
    expect(all.filter((name) => !recorded.has(name)).sort()).toEqual([...UNRECORDED].sort());
  });

  const traced =
    (compute: (x: tf.Tensor) => tf.Tensor, ...shape: number[]) =>
    (): unknown =>
      trace(programOf((x) => compute(x), [normal(...shape)], false));

  it('fails with its name and the place of its call', () => {
    expect(traced((x) => tf.multinomial(x as T2, 2, 7), 3, 4)).toThrow(
      /Multinomial cannot be recorded.*modelKernels\.test/s,
    );
    expect(traced((x) => tf.image.cropAndResize(x as T4, [[0, 0, 1, 1]], [0], [2, 2]), 1, 4, 4, 1)).toThrow(
      /CropAndResize cannot be recorded.*modelKernels\.test/s,
    );
    expect(traced((x) => tf.conv3d(x as tf.Tensor5D, tf.ones([2, 2, 2, 1, 1]), 1, 'same'), 1, 3, 3, 3, 1)).toThrow(
      /Conv3D cannot be recorded.*modelKernels\.test/s,
    );
    expect(traced((x) => tf.depthToSpace(x as T4, 2, 'NCHW'), 1, 4, 2, 2)).toThrow(
      /DepthToSpace with data format NCHW/,
    );
    expect(traced((x) => tf.unique(x).values, 4)).toThrow(/Unique cannot be recorded/);
  });
});
