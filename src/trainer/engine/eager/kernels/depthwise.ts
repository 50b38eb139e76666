/** The two gradients of a depthwise convolution, made of kernels that a backend has. */
import * as tf from '@tensorflow/tfjs-core';
import { type ConvInfo, depthwiseInfo } from '../../windowGeometry';
import { kernel, type ComposedKernel } from './kernel';
import { forEachTap, spread } from './taps';

export const depthwiseKernels: readonly ComposedKernel[] = [
  kernel<tf.DepthwiseConv2dNativeBackpropFilterInputs, tf.DepthwiseConv2dNativeBackpropFilterAttrs>(
    'DepthwiseConv2dNativeBackpropFilter',
    ({ x, dy }, attributes) =>
      filterGradient(x as tf.Tensor4D, dy as tf.Tensor4D, depthwiseInfo(x.shape, attributes.filterShape, attributes)),
  ),
  kernel<tf.DepthwiseConv2dNativeBackpropInputInputs, tf.DepthwiseConv2dNativeBackpropInputAttrs>(
    'DepthwiseConv2dNativeBackpropInput',
    ({ dy, filter }, attributes) =>
      inputGradient(
        dy as tf.Tensor4D,
        filter as tf.Tensor4D,
        depthwiseInfo(attributes.inputShape, filter.shape, attributes),
      ),
  ),
];

/** For each tap: the sum over all pixels of input times gradient, channel by channel. */
function filterGradient(x: tf.Tensor4D, dy: tf.Tensor4D, info: ConvInfo): tf.Tensor4D {
  const { filterHeight, filterWidth, inChannels } = info;
  const multiplier = info.outChannels / inChannels;
  const pixels = info.batchSize * info.outHeight * info.outWidth;
  const gradient = tf.reshape(dy, [pixels, inChannels, multiplier]);
  const taps: tf.Tensor[] = [];
  forEachTap(x, info, (tap) => {
    taps.push(tf.keep(tf.sum(tf.mul(tf.reshape(tap, [pixels, inChannels, 1]), gradient), 0)));
  });
  const stacked = tf.stack(taps);
  for (const tap of taps) tap.dispose();
  return tf.reshape(stacked, [filterHeight, filterWidth, inChannels, multiplier]);
}

/** As with a full convolution, once for each of the filters that a channel has. */
function inputGradient(dy: tf.Tensor4D, filter: tf.Tensor4D, info: ConvInfo): tf.Tensor4D {
  const { inChannels } = info;
  const grid = spread(dy, info);
  const [count, height, width, channels] = grid.shape;
  const multiplier = channels / inChannels;
  const turned = tf.reverse(filter, [0, 1]);
  const dilations: [number, number] = [info.dilationHeight, info.dilationWidth];
  const parts = Array.from({ length: multiplier }, (_, i) => {
    const own = tf.slice(tf.reshape(grid, [count * height * width, inChannels, multiplier]), [0, 0, i], [-1, -1, 1]);
    const part: tf.Tensor4D = tf.reshape(own, [count, height, width, inChannels]);
    const filters = tf.slice(turned, [0, 0, 0, i], [-1, -1, -1, 1]);
    return tf.depthwiseConv2d(part, filters, 1, 'valid', 'NHWC', dilations);
  });
  return tf.addN(parts);
}
