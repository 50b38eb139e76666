/** The gradient of average pooling. */
import * as tf from '@tensorflow/tfjs-core';
import type { ConvInfo, Shape4 } from '../../windowGeometry';
import { kernel, type ComposedKernel } from './kernel';
import { backFromTap, forEachTap, spread } from './taps';

/**
 * TensorFlow.js 4.22 divides by the whole window where the window hangs over the edge, although its mean is that of the pixels
 * inside; this one is the derivative.
 */
export const averagePoolGradient: ComposedKernel = kernel<tf.AvgPoolGradInputs, tf.AvgPoolGradAttrs>(
  'AvgPoolGrad',
  ({ dy, input }, { filterSize, strides, pad }) => {
    const info = tf.backend_util.computePool2DInfo(input.shape as Shape4, filterSize, strides, 1, pad);
    const share: tf.Tensor4D = tf.div(dy, pixelsInside(info));
    const window: [number, number] = [info.filterHeight, info.filterWidth];
    return tf.mul(tf.avgPool(spread(share, info), window, 1, 'valid'), info.filterHeight * info.filterWidth);
  },
);

/** How many pixels of the picture each window sees, [1, h, w, 1]. */
function pixelsInside(info: ConvInfo): tf.Tensor4D {
  const { padInfo, outHeight, outWidth } = info;
  const rows = overlaps(outHeight, info.strideHeight, padInfo.top, info.filterHeight, info.inHeight);
  const columns = overlaps(outWidth, info.strideWidth, padInfo.left, info.filterWidth, info.inWidth);
  return tf.mul(tf.tensor4d(rows, [1, outHeight, 1, 1]), tf.tensor4d(columns, [1, 1, outWidth, 1]));
}

/** How many of each window's rows (columns) lie inside the picture. */
function overlaps(windows: number, stride: number, before: number, window: number, length: number): Float32Array {
  return Float32Array.from({ length: windows }, (_, i) => {
    const start = i * stride - before;
    return Math.min(start + window, length) - Math.max(start, 0);
  });
}

/**
 * The gradient of each window goes to the first of its pixels that holds the maximum, as on the CPU backend and in ONNX. (That
 * of the WebAssembly backend adds up wrongly where there is more than one channel or windows overlap.)
 */
export const maximumPoolGradient: ComposedKernel = kernel<tf.MaxPoolGradInputs, tf.MaxPoolGradAttrs>(
  'MaxPoolGrad',
  ({ dy, input, output }, { filterSize, strides, pad, dimRoundingMode }) => {
    const x = input as tf.Tensor4D;
    const info = tf.backend_util.computePool2DInfo(x.shape, filterSize, strides, 1, pad, dimRoundingMode);
    return gradientOfMaximum(dy as tf.Tensor4D, x, output as tf.Tensor4D, info);
  },
);

function gradientOfMaximum(dy: tf.Tensor4D, x: tf.Tensor4D, output: tf.Tensor4D, info: ConvInfo): tf.Tensor4D {
  let sum = tf.zerosLike(x);
  /** 1 where the maximum was not met yet. */
  let open = tf.onesLike(output);
  const use = (pixels: tf.Tensor4D, row: number, column: number): void => {
    const here = tf.mul(tf.cast(tf.equal(pixels, output), 'float32'), open);
    sum = inPlaceOf(sum, tf.add(sum, backFromTap(tf.mul(dy, here), row, column, info)));
    open = inPlaceOf(open, tf.sub(open, here));
  };
  forEachTap(x, info, use, Number.NEGATIVE_INFINITY);
  open.dispose();
  // The scope that is open now frees it, if it is not the result.
  const result = tf.clone(sum);
  sum.dispose();
  return result;
}

/** Holds the new one beyond the scope of its making, and frees the old one. */
function inPlaceOf(old: tf.Tensor4D, next: tf.Tensor4D): tf.Tensor4D {
  tf.keep(next);
  old.dispose();
  return next;
}
