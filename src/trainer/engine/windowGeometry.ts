/** Sizes, strides and padding of a convolution, as recorded and as composed kernels need them. */
import * as tf from '@tensorflow/tfjs-core';

export type ConvInfo = tf.backend_util.Conv2DInfo;
export type Shape4 = [number, number, number, number];

/** What TensorFlow.js's convolution kernels have as attributes. */
export interface WindowGeometry {
  readonly strides: [number, number] | number;
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
  readonly dilations?: [number, number] | number;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/** Of pictures [N, H, W, C] and a filter [height, width, in, out]. */
export function convolutionInfo(x: readonly number[], filter: readonly number[], geometry: WindowGeometry): ConvInfo {
  return infoOf(x, filter, geometry, false);
}

/** Of pictures [N, H, W, C] and a filter for each channel, [height, width, C, multiplier]. */
export function depthwiseInfo(x: readonly number[], filter: readonly number[], geometry: WindowGeometry): ConvInfo {
  return infoOf(x, filter, geometry, true);
}

function infoOf(
  x: readonly number[],
  filter: readonly number[],
  { strides, pad, dilations = 1, dimRoundingMode }: WindowGeometry,
  depthwise: boolean,
): ConvInfo {
  return tf.backend_util.computeConv2DInfo(
    x as Shape4,
    filter as Shape4,
    strides,
    dilations,
    pad,
    dimRoundingMode,
    depthwise,
  );
}
