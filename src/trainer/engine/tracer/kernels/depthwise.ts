/** Depthwise convolution (each channel by its own filters) and its two gradients. */
import type * as tf from '@tensorflow/tfjs-core';
import type { GraphBuilder } from '../../graph/builder';
import type { Value } from '../../graph/graph';
import { concat, mul, reduce, reshape, transpose } from '../../graph/operators';
import { tapsOf } from '../../graph/taps';
import { type ConvInfo, depthwiseInfo } from '../../windowGeometry';
import { type Recorder, recorder } from '../kernel';
import { outputPadding, windowOf } from './convolution';
import { toChannelsFirst, toChannelsLast } from './layout';

export const depthwiseRecorders: readonly Recorder[] = [
  recorder<tf.DepthwiseConv2dNativeInputs, tf.DepthwiseConv2dNativeAttrs>(
    'DepthwiseConv2dNative',
    (b, { x, filter }, attributes) => {
      const info = depthwiseInfo(x.shape, filter.shape, attributes);
      const shape = [info.batchSize, info.outChannels, info.outHeight, info.outWidth];
      const inputs = [toChannelsFirst(b, x), filters(b, filter, info)];
      const window = { ...windowOf(info), group: info.inChannels };
      return toChannelsLast(b, b.add('Conv', inputs, window, shape, 'float32'));
    },
  ),
  recorder<tf.DepthwiseConv2dNativeBackpropInputInputs, tf.DepthwiseConv2dNativeBackpropInputAttrs>(
    'DepthwiseConv2dNativeBackpropInput',
    (b, { dy, filter }, attributes) => {
      const info = depthwiseInfo(attributes.inputShape, filter.shape, attributes);
      const shape = [info.batchSize, info.inChannels, info.inHeight, info.inWidth];
      const window = { ...windowOf(info), output_padding: outputPadding(info), group: info.inChannels };
      const inputs = [toChannelsFirst(b, dy), filters(b, filter, info)];
      return toChannelsLast(b, b.add('ConvTranspose', inputs, window, shape, 'float32'));
    },
  ),
  recorder<tf.DepthwiseConv2dNativeBackpropFilterInputs, tf.DepthwiseConv2dNativeBackpropFilterAttrs>(
    'DepthwiseConv2dNativeBackpropFilter',
    (b, { x, dy }, attributes) => filterGradient(b, x, dy, depthwiseInfo(x.shape, attributes.filterShape, attributes)),
  ),
];

/** [height, width, in, multiplier] -> [in * multiplier, 1, height, width]. */
function filters(b: GraphBuilder, filter: Value, info: ConvInfo): Value {
  return reshape(b, transpose(b, filter, [2, 3, 0, 1]), [info.outChannels, 1, info.filterHeight, info.filterWidth]);
}

/** For each place of the filter: the sum over all pixels of input times gradient, channel by channel. */
function filterGradient(b: GraphBuilder, x: Value, dy: Value, info: ConvInfo): Value {
  const multiplier = info.outChannels / info.inChannels;
  const places = [info.batchSize, info.outHeight, info.outWidth, info.inChannels];
  const gradient = reshape(b, dy, [...places, multiplier]);
  const taps = tapsOf(b, x, info).map((tap) =>
    reduce(b, 'ReduceSum', mul(b, reshape(b, tap, [...places, 1]), gradient), [0, 1, 2], false),
  );
  return reshape(b, concat(b, taps, 0), [info.filterHeight, info.filterWidth, info.inChannels, multiplier]);
}
