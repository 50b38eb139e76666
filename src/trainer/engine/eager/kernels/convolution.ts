/** The two gradients of a convolution, made of kernels that a backend has. */
import * as tf from '@tensorflow/tfjs-core';
import { type ConvInfo, convolutionInfo, type WindowGeometry } from '../../windowGeometry';
import { kernel, type ComposedKernel } from './kernel';
import { forEachTap, spread } from './taps';

export const convolutionKernels: readonly ComposedKernel[] = [
  kernel<tf.Conv2DBackpropFilterInputs, tf.Conv2DBackpropFilterAttrs>('Conv2DBackpropFilter', ({ x, dy }, attributes) =>
    filterGradient(x as tf.Tensor4D, dy as tf.Tensor4D, infoOf(x.shape, attributes.filterShape, attributes)),
  ),
  kernel<tf.Conv2DBackpropInputInputs, tf.Conv2DBackpropInputAttrs>(
    'Conv2DBackpropInput',
    ({ dy, filter }, attributes) =>
      inputGradient(dy as tf.Tensor4D, filter as tf.Tensor4D, infoOf(attributes.inputShape, filter.shape, attributes)),
  ),
];

interface Geometry extends WindowGeometry {
  readonly dataFormat: 'NHWC' | 'NCHW';
}

export function infoOf(x: readonly number[], filter: readonly number[], geometry: Geometry): ConvInfo {
  if (geometry.dataFormat !== 'NHWC') throw new Error(`Convolutions in ${geometry.dataFormat} are not supported.`);
  return convolutionInfo(x, filter, geometry);
}

/** One product of matrices for each tap: the output's gradient, [out, pixels], times the input under it, [pixels, in]. */
function filterGradient(x: tf.Tensor4D, dy: tf.Tensor4D, info: ConvInfo): tf.Tensor4D {
  const pixels = info.batchSize * info.outHeight * info.outWidth;
  const gradient: tf.Tensor2D = tf.transpose(tf.reshape(dy, [pixels, info.outChannels]));
  const taps: tf.Tensor2D[] = [];
  forEachTap(x, info, (tap) => {
    taps.push(tf.keep(tf.matMul(gradient, tf.reshape(tap, [pixels, info.inChannels]))));
  });
  const stacked = tf.stack(taps);
  for (const tap of taps) tap.dispose();
  const { filterHeight, filterWidth, inChannels, outChannels } = info;
  return tf.reshape(tf.transpose(stacked, [0, 2, 1]), [filterHeight, filterWidth, inChannels, outChannels]);
}

/** The gradient, set apart by the strides, convolved with the filter turned by 180 degrees. */
function inputGradient(dy: tf.Tensor4D, filter: tf.Tensor4D, info: ConvInfo): tf.Tensor4D {
  const turned = tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2]);
  return tf.conv2d(spread(dy, info), turned, 1, 'valid');
}
