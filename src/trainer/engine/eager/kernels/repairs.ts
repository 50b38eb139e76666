/** Kernels that give wrong values for some arguments in TensorFlow.js 4.22's backends; each asks its original for the rest. */
import * as tf from '@tensorflow/tfjs-core';
import { kernel, type ComposedKernel } from './kernel';

/** The backend copies the numbers, also into truths, where any but 0 is 1. */
export const cast: ComposedKernel = kernel<tf.CastInputs, tf.CastAttrs>('Cast', ({ x }, { dtype }, original) =>
  dtype === 'bool' && x.dtype !== 'bool' ? tf.notEqual(x, tf.zerosLike(x)) : original({ x }, { dtype }),
);

/** The backend takes whole numbers only for "on" and "off", and writes beyond its memory for an index beyond the depth. */
export const oneHot: ComposedKernel = kernel<tf.OneHotInputs, tf.OneHotAttrs>(
  'OneHot',
  ({ indices }, { dtype, depth, onValue, offValue }) => {
    const places = tf.reshape(tf.range(0, depth, 1, 'int32'), [...indices.shape.map(() => 1), depth]);
    const hot = tf.cast(tf.equal(tf.expandDims(indices, -1), places), 'float32');
    return tf.cast(tf.add(tf.mul(hot, onValue - offValue), offValue), dtype);
  },
);

/** A division without remainder gives whole numbers as integers on the CPU backend; others keep the type of the operands. */
export const floorDivide: ComposedKernel = kernel<tf.FloorDivInputs, object>(
  'FloorDiv',
  (inputs, attributes, original) => tf.cast(original(inputs, attributes), 'int32'),
);

/** The backend mixes up the batches: all become one list, with the indices moved to where their batch's part of it begins. */
export const gather: ComposedKernel = kernel<tf.GatherV2Inputs, tf.GatherV2Attrs>(
  'GatherV2',
  ({ x, indices }, { axis, batchDims }, original) => {
    if (batchDims === 0) return original({ x, indices }, { axis, batchDims });
    const info = tf.backend_util.segment_util.collectGatherOpShapeInfo(x, indices, axis, batchDims);
    const { batchSize, outerSize, dimSize, sliceSize, outputShape } = info;
    const lists = batchSize * outerSize;
    const starts = tf.mul(tf.range(0, lists, 1, 'int32'), tf.scalar(dimSize, 'int32'));
    const own = tf.tile(tf.reshape(indices, [batchSize, 1, -1]), [1, outerSize, 1]);
    const places = tf.add(tf.reshape(own, [lists, -1]), tf.reshape(starts, [lists, 1]));
    const list = tf.reshape(x, [lists * dimSize, sliceSize]);
    return tf.reshape(original({ x: list, indices: tf.reshape(places, [-1]) }, { axis: 0, batchDims: 0 }), outputShape);
  },
);
