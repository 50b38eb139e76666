/** Convolution and its two gradients. */
import * as tf from '@tensorflow/tfjs-core';
import type { GraphBuilder } from '../../graph/builder';
import type { Attributes, Value } from '../../graph/graph';
import { concat, gemm, matMul, pad, reduce, reshape, reverse, slice, transpose } from '../../graph/operators';
import { type Recorder, recorder } from '../kernel';
import { refuse } from '../refuse';
import { toChannelsFirst, toChannelsLast, toOutInHW } from './layout';

export type ConvInfo = tf.backend_util.Conv2DInfo;

interface Geometry {
  readonly strides: [number, number] | number;
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
  readonly dataFormat: 'NHWC' | 'NCHW';
  readonly dilations?: [number, number] | number;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

type FilterShape = [number, number, number, number];

export const convolutionRecorders: readonly Recorder[] = [
  recorder<tf.Conv2DInputs, tf.Conv2DAttrs>('Conv2D', (b, { x, filter }, attributes) =>
    convolve(b, x, filter, infoOf('Conv2D', x.shape, filter.shape, attributes)),
  ),
  recorder<tf.Conv2DBackpropInputInputs, tf.Conv2DBackpropInputAttrs>(
    'Conv2DBackpropInput',
    (b, { dy, filter }, attributes) =>
      inputGradient(b, dy, filter, infoOf('Conv2DBackpropInput', attributes.inputShape, filter.shape, attributes)),
  ),
  recorder<tf.Conv2DBackpropFilterInputs, tf.Conv2DBackpropFilterAttrs>(
    'Conv2DBackpropFilter',
    (b, { x, dy }, attributes) =>
      filterGradient(b, x, dy, infoOf('Conv2DBackpropFilter', x.shape, attributes.filterShape, attributes)),
  ),
];

function infoOf(kernel: string, x: readonly number[], filter: readonly number[], geometry: Geometry): ConvInfo {
  if (geometry.dataFormat !== 'NHWC') refuse(`${kernel} with data format ${geometry.dataFormat}`);
  return tf.backend_util.computeConv2DInfo(
    x as FilterShape,
    filter as FilterShape,
    geometry.strides,
    geometry.dilations ?? 1,
    geometry.pad,
    geometry.dimRoundingMode,
  );
}

/** The window's geometry as ONNX's Conv, ConvTranspose and the pools take it. */
export function windowOf(info: ConvInfo): Attributes {
  const { top, left, bottom, right } = info.padInfo;
  return {
    kernel_shape: [info.filterHeight, info.filterWidth],
    strides: [info.strideHeight, info.strideWidth],
    pads: [top, left, bottom, right],
    dilations: [info.dilationHeight, info.dilationWidth],
  };
}

/** Rows and columns of the input that no window reached, because the strides did not fill it. */
export function outputPadding(info: ConvInfo): [number, number] {
  const { top, left, bottom, right } = info.padInfo;
  return [
    info.inHeight - ((info.outHeight - 1) * info.strideHeight + info.effectiveFilterHeight - top - bottom),
    info.inWidth - ((info.outWidth - 1) * info.strideWidth + info.effectiveFilterWidth - left - right),
  ];
}

function convolve(b: GraphBuilder, x: Value, filter: Value, info: ConvInfo): Value {
  const shape = [info.batchSize, info.outChannels, info.outHeight, info.outWidth];
  const inputs = [toChannelsFirst(b, x), toOutInHW(b, filter)];
  return toChannelsLast(b, b.add('Conv', inputs, { ...windowOf(info), group: 1 }, shape, 'float32'));
}

/** With stride 1 the gradient is itself a convolution, with the filter turned by 180 degrees; that is the faster operator. */
function inputGradient(b: GraphBuilder, dy: Value, filter: Value, info: ConvInfo): Value {
  const shape = [info.batchSize, info.inChannels, info.inHeight, info.inWidth];
  const pads = turnedPads(info);
  if (info.strideHeight === 1 && info.strideWidth === 1 && pads.every((count) => count >= 0)) {
    // Turned before it is transposed, because then whole matrices are copied.
    const turned = transpose(b, reverse(b, filter, [0, 1]), [2, 3, 0, 1]);
    const attributes = { ...windowOf(info), pads, group: 1 };
    return toChannelsLast(b, b.add('Conv', [toChannelsFirst(b, dy), turned], attributes, shape, 'float32'));
  }
  const attributes = { ...windowOf(info), output_padding: outputPadding(info), group: 1 };
  const inputs = [toChannelsFirst(b, dy), toOutInHW(b, filter)];
  return toChannelsLast(b, b.add('ConvTranspose', inputs, attributes, shape, 'float32'));
}

function turnedPads(info: ConvInfo): [number, number, number, number] {
  const top = info.effectiveFilterHeight - 1 - info.padInfo.top;
  const left = info.effectiveFilterWidth - 1 - info.padInfo.left;
  return [
    top,
    left,
    info.inHeight - info.outHeight + info.effectiveFilterHeight - 1 - top,
    info.inWidth - info.outWidth + info.effectiveFilterWidth - 1 - left,
  ];
}

/** From this many pixels in a picture on, products for each picture are faster than one product over all pictures. */
const LARGE_PICTURE = 64;
/** Up to this many input channels all taps together make one matrix of a fair width. */
const FEW_CHANNELS = 4;

/** [height, width, in, out]: for each place (tap) of the filter, the input's pixels under it times the output's gradient. */
function filterGradient(b: GraphBuilder, x: Value, dy: Value, info: ConvInfo): Value {
  if (info.outHeight * info.outWidth < LARGE_PICTURE) return productOverPictures(b, x, dy, info);
  return info.inChannels <= FEW_CHANNELS ? productOfAllTaps(b, x, dy, info) : productsOfPictures(b, x, dy, info);
}

/** For each tap one product over the pixels of all pictures, all of them channels last. */
function productOverPictures(b: GraphBuilder, x: Value, dy: Value, info: ConvInfo): Value {
  const pixels = info.batchSize * info.outHeight * info.outWidth;
  const gradient = reshape(b, dy, [pixels, info.outChannels]);
  const taps = tapsOf(b, x, info).map((tap) => gemm(b, reshape(b, tap, [pixels, info.inChannels]), gradient, true));
  return reshape(b, concat(b, taps, 0), info.filterShape);
}

/**
 * For each tap and each picture one product, [out, pixels] times [pixels, in], then the sum over the pictures. The gradient stays
 * channels first, as the convolution before it left it, neither side is transposed, and the pictures are shared out over the
 * threads; so it takes half the time of one product over all pictures where the pictures are large and the channels few.
 */
function productsOfPictures(b: GraphBuilder, x: Value, dy: Value, info: ConvInfo): Value {
  const { batchSize, inChannels, outChannels, filterHeight, filterWidth } = info;
  const pixels = info.outHeight * info.outWidth;
  const gradient = reshape(b, toChannelsFirst(b, dy), [batchSize, outChannels, pixels]);
  const sums = tapsOf(b, x, info).map((tap) =>
    reduce(b, 'ReduceSum', matMul(b, gradient, reshape(b, tap, [batchSize, pixels, inChannels])), [0], false),
  );
  const taps = reshape(b, concat(b, sums, 0), [filterHeight * filterWidth, outChannels, inChannels]);
  return reshape(b, transpose(b, taps, [0, 2, 1]), info.filterShape);
}

/** As `productsOfPictures`, with all taps of a picture side by side: for a network's first layer, where a tap is a few numbers. */
function productOfAllTaps(b: GraphBuilder, x: Value, dy: Value, info: ConvInfo): Value {
  const { batchSize, inChannels, outChannels, filterHeight, filterWidth } = info;
  const pixels = info.outHeight * info.outWidth;
  const gradient = reshape(b, toChannelsFirst(b, dy), [batchSize, outChannels, pixels]);
  const width = filterHeight * filterWidth * inChannels;
  const columns = reshape(b, concat(b, tapsOf(b, x, info), 3), [batchSize, pixels, width]);
  const sum = reduce(b, 'ReduceSum', matMul(b, gradient, columns), [0], false);
  return reshape(b, transpose(b, sum, [1, 0]), info.filterShape);
}

/** For each place of the filter, row by row, the part of NHWC `x` that the filter's windows see there. */
export function tapsOf(b: GraphBuilder, x: Value, info: ConvInfo, padding = 0): Value[] {
  const { top, left, bottom, right } = info.padInfo;
  const padded = pad(b, x, [0, top, left, 0], [0, bottom, right, 0], b.scalar(padding));
  const taps: Value[] = [];
  for (let row = 0; row < info.filterHeight; row++) {
    for (let column = 0; column < info.filterWidth; column++) {
      const y = row * info.dilationHeight;
      const x0 = column * info.dilationWidth;
      const height = {
        axis: 1,
        start: y,
        end: y + (info.outHeight - 1) * info.strideHeight + 1,
        step: info.strideHeight,
      };
      const width = {
        axis: 2,
        start: x0,
        end: x0 + (info.outWidth - 1) * info.strideWidth + 1,
        step: info.strideWidth,
      };
      taps.push(slice(b, padded, [height, width]));
    }
  }
  return taps;
}
