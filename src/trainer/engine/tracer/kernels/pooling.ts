/** Pooling over windows, and its gradients. */
import * as tf from '@tensorflow/tfjs-core';
import type { GraphBuilder } from '../../graph/builder';
import type { Value } from '../../graph/graph';
import { add, cast, compare, div, filled, mul, not, pad, reshape } from '../../graph/operators';
import { tapsOf } from '../../graph/taps';
import type { ConvInfo } from '../../windowGeometry';
import { type Recorder, recorder } from '../kernel';
import { outputPadding, windowOf } from './convolution';
import { toChannelsFirst, toChannelsLast } from './layout';

interface Geometry {
  readonly filterSize: [number, number] | number;
  readonly strides: [number, number] | number;
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

export const poolingRecorders: readonly Recorder[] = [
  recorder<tf.MaxPoolInputs, Geometry>('MaxPool', (b, { x }, geometry) => pool(b, 'MaxPool', x, infoOf(x, geometry))),
  recorder<tf.AvgPoolInputs, Geometry>('AvgPool', (b, { x }, geometry) =>
    pool(b, 'AveragePool', x, infoOf(x, geometry)),
  ),
  recorder<tf.MaxPoolGradInputs, Geometry>('MaxPoolGrad', (b, { dy, input, output }, geometry) =>
    maxPoolGradient(b, dy, input, output, infoOf(input, geometry)),
  ),
  recorder<tf.AvgPoolGradInputs, Geometry>('AvgPoolGrad', (b, { dy, input }, geometry) =>
    averagePoolGradient(b, dy, infoOf(input, geometry)),
  ),
];

function infoOf(x: Value, { filterSize, strides, pad: padding, dimRoundingMode }: Geometry): ConvInfo {
  const shape = x.shape as [number, number, number, number];
  return tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, padding, dimRoundingMode);
}

/** Padding is never part of a maximum or a mean. */
function pool(b: GraphBuilder, op: string, x: Value, info: ConvInfo): Value {
  const shape = [info.batchSize, info.outChannels, info.outHeight, info.outWidth];
  // Dilation is an attribute of the pools only from operator set 19 on; TensorFlow.js does not pass any.
  const { kernel_shape, strides, pads } = windowOf(info);
  return toChannelsLast(b, b.add(op, [toChannelsFirst(b, x)], { kernel_shape, strides, pads }, shape, 'float32'));
}

/**
 * The gradient goes to the first place of each window that holds the maximum. For each place of the window in turn: where is
 * the maximum here and was not found before? Such gradients are spread back over the picture and added up.
 */
function maxPoolGradient(b: GraphBuilder, dy: Value, x: Value, y: Value, info: ConvInfo): Value {
  const taps = tapsOf(b, x, info, Number.NEGATIVE_INFINITY);
  let found: Value | undefined;
  let sum: Value | undefined;
  taps.forEach((tap, i) => {
    const here = compare(b, 'Equal', tap, y);
    const first = found ? compare(b, 'And', here, not(b, found)) : here;
    found = found ? compare(b, 'Or', found, here) : here;
    const part = spread(b, mul(b, dy, cast(b, first, 'float32')), i, info);
    sum = sum ? add(b, sum, part) : part;
  });
  return sum!;
}

/** Puts each pixel of a window's place back where it was taken from, with zeros between: the transpose of `tapsOf`. */
function spread(b: GraphBuilder, x: Value, tap: number, info: ConvInfo): Value {
  const { batchSize: n, outHeight: h, outWidth: w, outChannels: c, strideHeight, strideWidth } = info;
  const zero = b.scalar(0);
  const apart = reshape(b, x, [n, h, 1, w, 1, c]);
  const holes = pad(b, apart, [0, 0, 0, 0, 0, 0], [0, 0, strideHeight - 1, 0, strideWidth - 1, 0], zero);
  const grid = reshape(b, holes, [n, h * strideHeight, w * strideWidth, c]);
  const top = Math.floor(tap / info.filterWidth) - info.padInfo.top;
  const left = (tap % info.filterWidth) - info.padInfo.left;
  const bottom = info.inHeight - top - h * strideHeight;
  const right = info.inWidth - left - w * strideWidth;
  return pad(b, grid, [0, top, left, 0], [0, bottom, right, 0], zero);
}

/**
 * Every pixel of a window gets an equal share of its gradient; where the window hangs over the edge, the share is of the pixels
 * inside, as in the mean itself. (TensorFlow.js 4.22 divides by the whole window there, which is not the derivative.)
 */
function averagePoolGradient(b: GraphBuilder, dy: Value, info: ConvInfo): Value {
  const inside = Float32Array.from(
    { length: info.outHeight * info.outWidth },
    (_, i) =>
      overlap(Math.floor(i / info.outWidth), info.strideHeight, info.padInfo.top, info.filterHeight, info.inHeight) *
      overlap(i % info.outWidth, info.strideWidth, info.padInfo.left, info.filterWidth, info.inWidth),
  );
  const counts = b.constant(inside, [1, info.outHeight, info.outWidth, 1], 'float32');
  const share = toChannelsFirst(b, div(b, dy, counts));
  const ones = filled(b, [info.inChannels, 1, info.filterHeight, info.filterWidth], 1, 'float32');
  const window = { ...windowOf(info), output_padding: outputPadding(info), group: info.inChannels };
  const shape = [info.batchSize, info.inChannels, info.inHeight, info.inWidth];
  return toChannelsLast(b, b.add('ConvTranspose', [share, ones], window, shape, 'float32'));
}

/** How many of a window's rows (columns) lie inside the picture. */
function overlap(place: number, stride: number, before: number, window: number, length: number): number {
  const start = place * stride - before;
  return Math.min(start + window, length) - Math.max(start, 0);
}
