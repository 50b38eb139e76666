/** Pixels to channels and back, and blocks of pixels to the batch and back: reshapes and transpositions. */
import * as tf from '@tensorflow/tfjs-core';
import type { GraphBuilder } from '../../graph/builder';
import type { Value } from '../../graph/graph';
import { pad, reshape, slice, transpose } from '../../graph/operators';
import { sizeOf } from '../../graph/shapes';
import { type Recorder, recorder } from '../kernel';
import { refuse } from '../refuse';

export const blockRecorders: readonly Recorder[] = [
  recorder<tf.DepthToSpaceInputs, tf.DepthToSpaceAttrs>('DepthToSpace', (b, { x }, { blockSize, dataFormat }) => {
    if (dataFormat !== 'NHWC') refuse(`DepthToSpace with data format ${dataFormat}`);
    const [count, height, width, channels] = x.shape;
    const depth = channels / (blockSize * blockSize);
    const apart = reshape(b, x, [count, height, width, blockSize, blockSize, depth]);
    const together = transpose(b, apart, [0, 1, 3, 2, 4, 5]);
    return reshape(b, together, [count, height * blockSize, width * blockSize, depth]);
  }),
  recorder<tf.SpaceToBatchNDInputs, tf.SpaceToBatchNDAttrs>('SpaceToBatchND', (b, { x }, attributes) =>
    spaceToBatch(b, x, attributes),
  ),
  recorder<tf.BatchToSpaceNDInputs, tf.BatchToSpaceNDAttrs>('BatchToSpaceND', (b, { x }, attributes) =>
    batchToSpace(b, x, attributes),
  ),
];

function spaceToBatch(b: GraphBuilder, x: Value, { blockShape, paddings }: tf.SpaceToBatchNDAttrs): Value {
  const rest = x.shape.slice(1 + blockShape.length).map(() => 0);
  const before = [0, ...paddings.map((p) => p[0]), ...rest];
  const padded = pad(b, x, before, [0, ...paddings.map((p) => p[1]), ...rest], b.scalar(0, x.dtype));
  const shape = [...padded.shape];
  const size = sizeOf(blockShape);
  const { getReshaped, getPermuted, getReshapedPermuted } = tf.backend_util;
  const apart = reshape(b, padded, getReshaped(shape, blockShape, size, false));
  const moved = transpose(b, apart, getPermuted(apart.shape.length, blockShape.length, false));
  return reshape(b, moved, getReshapedPermuted(shape, blockShape, size, false));
}

function batchToSpace(b: GraphBuilder, x: Value, { blockShape, crops }: tf.BatchToSpaceNDAttrs): Value {
  const size = sizeOf(blockShape);
  const shape = [...x.shape];
  const { getReshaped, getPermuted, getReshapedPermuted } = tf.backend_util;
  const apart = reshape(b, x, getReshaped(shape, blockShape, size));
  const moved = transpose(b, apart, getPermuted(apart.shape.length, blockShape.length));
  const whole = reshape(b, moved, getReshapedPermuted(shape, blockShape, size));
  const cuts = crops.map(([before, after], i) => ({
    axis: i + 1,
    start: before,
    end: whole.shape[i + 1] - after,
  }));
  return slice(b, whole, cuts);
}
