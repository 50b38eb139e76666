/** What the composed kernels share: the parts of a picture that a window sees, and gradients put back where they came from. */
import * as tf from '@tensorflow/tfjs-core';
import type { ConvInfo, Shape4 } from '../../windowGeometry';

/**
 * For each place (tap) of the window, row by row: the pixels of `x` [N, H, W, C] that the windows see there, [N, h, w, C], with
 * `outside` beyond the edges. What `use` makes and does not keep is freed after it.
 */
export function forEachTap(
  x: tf.Tensor4D,
  info: ConvInfo,
  use: (tap: tf.Tensor4D, row: number, column: number) => void,
  outside = 0,
): void {
  const { strideHeight, strideWidth, dilationHeight, dilationWidth } = info;
  const padded = tf.keep(paddedToStrides(x, info, outside));
  try {
    for (let row = 0; row < info.filterHeight; row++) {
      tf.tidy(() => {
        const rows = everyNthRow(padded, row * dilationHeight, strideHeight, info.outHeight);
        const phases = columnPhases(rows, strideWidth);
        for (let column = 0; column < info.filterWidth; column++) {
          tf.tidy(() => use(everyNthColumn(phases, column * dilationWidth, info), row, column));
        }
      });
    }
  } finally {
    padded.dispose();
  }
}

/** With `outside` around it, up to whole numbers of strides that hold every window. */
function paddedToStrides(x: tf.Tensor4D, info: ConvInfo, outside: number): tf.Tensor4D {
  const { top, left } = info.padInfo;
  const needed = (offset: number, stride: number, count: number): number =>
    (Math.floor(offset / stride) + count) * stride;
  const height = needed(info.effectiveFilterHeight - 1, info.strideHeight, info.outHeight);
  const width = needed(info.effectiveFilterWidth - 1, info.strideWidth, info.outWidth);
  const edges = { top, left, bottom: height - info.inHeight - top, right: width - info.inWidth - left };
  return fitted(x, edges, outside);
}

export interface Edges {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** Adds rows and columns of `outside` at each edge, or takes some away where the number is negative. */
export function fitted(x: tf.Tensor4D, { top, bottom, left, right }: Edges, outside = 0): tf.Tensor4D {
  const [count, height, width, channels] = x.shape;
  const cut = (edge: number): number => Math.max(0, -edge);
  const grow = (edge: number): number => Math.max(0, edge);
  const size: Shape4 = [count, height - cut(top) - cut(bottom), width - cut(left) - cut(right), channels];
  const part = size[1] === height && size[2] === width ? x : tf.slice(x, [0, cut(top), cut(left), 0], size);
  if (top <= 0 && bottom <= 0 && left <= 0 && right <= 0) return tf.clone(part);
  const edges: [number, number][] = [
    [0, 0],
    [grow(top), grow(bottom)],
    [grow(left), grow(right)],
    [0, 0],
  ];
  return tf.pad(part, edges, outside);
}

/** Rows `offset`, `offset + step`, ... as a plain slice of another view of the tensor: the backends copy those fastest. */
function everyNthRow(x: tf.Tensor4D, offset: number, step: number, length: number): tf.Tensor4D {
  const [count, height, width, channels] = x.shape;
  const grouped = tf.reshape(x, [count, height / step, step, width * channels]);
  const rows = tf.slice(
    grouped,
    [0, Math.floor(offset / step), offset % step, 0],
    [count, length, 1, width * channels],
  );
  return tf.reshape(rows, [count, length, width, channels]);
}

/** Columns 0, step, ... of each row; then 1, step + 1, ...: [step, N * H, W / step * C]. So too, a part of them is a plain slice. */
function columnPhases(x: tf.Tensor4D, step: number): tf.Tensor3D {
  const [count, height, width, channels] = x.shape;
  const shape: [number, number, number] = [step, count * height, (width / step) * channels];
  if (step === 1) return tf.reshape(x, shape);
  const grouped = tf.reshape(x, [count * height, width / step, step, channels]);
  return tf.reshape(tf.transpose(grouped, [2, 0, 1, 3]), shape);
}

function everyNthColumn(phases: tf.Tensor3D, offset: number, info: ConvInfo): tf.Tensor4D {
  const { batchSize, outHeight, outWidth, inChannels, strideWidth } = info;
  const columns = tf.slice(
    phases,
    [offset % strideWidth, 0, Math.floor(offset / strideWidth) * inChannels],
    [1, batchSize * outHeight, outWidth * inChannels],
  );
  return tf.reshape(columns, [batchSize, outHeight, outWidth, inChannels]);
}

/**
 * The gradient `dy` [N, h, w, C] of windows, set apart by the strides with zeros between and around, so that a window of
 * stride 1 that is slid over it (with nothing padded) meets at each pixel of the input the gradients that concern it.
 */
export function spread(dy: tf.Tensor4D, info: ConvInfo): tf.Tensor4D {
  const grid = setApart(dy, info);
  const top = info.effectiveFilterHeight - 1 - info.padInfo.top;
  const left = info.effectiveFilterWidth - 1 - info.padInfo.left;
  return fitted(grid, {
    top,
    left,
    bottom: info.inHeight - grid.shape[1] - top + info.effectiveFilterHeight - 1,
    right: info.inWidth - grid.shape[2] - left + info.effectiveFilterWidth - 1,
  });
}

/** What was computed of the pixels under one tap, [N, h, w, C], put back to where they are in the picture, [N, H, W, C]. */
export function backFromTap(part: tf.Tensor4D, row: number, column: number, info: ConvInfo): tf.Tensor4D {
  const grid = setApart(part, info);
  const top = row * info.dilationHeight - info.padInfo.top;
  const left = column * info.dilationWidth - info.padInfo.left;
  return fitted(grid, {
    top,
    left,
    bottom: info.inHeight - grid.shape[1] - top,
    right: info.inWidth - grid.shape[2] - left,
  });
}

/** Puts stride - 1 rows (columns) of zeros after each: [N, h * stride, w * stride, C]. */
function setApart(x: tf.Tensor4D, { strideHeight, strideWidth }: ConvInfo): tf.Tensor4D {
  const [count, height, width, channels] = x.shape;
  const columns = tf.pad(tf.reshape(x, [count * height * width, 1, channels]), [
    [0, 0],
    [0, strideWidth - 1],
    [0, 0],
  ]);
  const rows = tf.pad(tf.reshape(columns, [count * height, 1, width * strideWidth * channels]), [
    [0, 0],
    [0, strideHeight - 1],
    [0, 0],
  ]);
  return tf.reshape(rows, [count, height * strideHeight, width * strideWidth, channels]);
}
