/** Convolution and its two gradients. */
import type * as tf from '@tensorflow/tfjs-core';
import type { GraphBuilder } from '../../graph/builder';
import type { Attributes, Value } from '../../graph/graph';
import { reverse, transpose } from '../../graph/operators';
import { type ConvInfo, convolutionInfo, type WindowGeometry } from '../../windowGeometry';
import { type Recorder, recorder } from '../kernel';
import { refuse } from '../refuse';
import { toChannelsFirst, toChannelsLast, toOutInHW } from './layout';

interface Geometry extends WindowGeometry {
  readonly dataFormat: 'NHWC' | 'NCHW';
}

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
  return convolutionInfo(x, filter, geometry);
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

/** [height, width, in, out]; passes/filterGradient.ts writes it out. */
function filterGradient(b: GraphBuilder, x: Value, dy: Value, info: ConvInfo): Value {
  const inputs = [toChannelsFirst(b, x), toChannelsFirst(b, dy)];
  return b.add('ConvFilterGradient', inputs, windowOf(info), info.filterShape, 'float32');
}
