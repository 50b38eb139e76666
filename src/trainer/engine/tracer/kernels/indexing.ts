/** Picking elements by index, and the sums that are the gradient of it. */
import type * as tf from '@tensorflow/tfjs-core';
import type { GraphBuilder } from '../../graph/builder';
import type { Value } from '../../graph/graph';
import type { Dtype } from '../../engine';
import { cast, compare, gather, gemm, range, reshape, where } from '../../graph/operators';
import { normaliseAxes, sizeOf } from '../../graph/shapes';
import { type Recorder, recorder } from '../kernel';
import { refuse } from '../refuse';

export const indexingRecorders: readonly Recorder[] = [
  recorder<tf.GatherV2Inputs, tf.GatherV2Attrs>('GatherV2', (b, { x, indices }, { axis, batchDims }) => {
    const [along] = normaliseAxes([axis], x.shape.length);
    return batchDims === 0 ? gather(b, x, indices, along) : gatherInBatches(b, x, indices, along, batchDims);
  }),
  recorder<tf.GatherNdInputs>('GatherNd', (b, { params, indices }) => {
    const depth = indices.shape.at(-1)!;
    const shape = [...indices.shape.slice(0, -1), ...params.shape.slice(depth)];
    return b.add('GatherND', [params, cast(b, indices, 'int64')], { batch_dims: 0 }, shape, params.dtype);
  }),
  recorder<tf.OneHotInputs, tf.OneHotAttrs>('OneHot', (b, { indices }, { depth, onValue, offValue, dtype }) => {
    const hot = compare(b, 'Equal', reshape(b, indices, [...indices.shape, 1]), range(b, depth));
    const type = dtype as Dtype;
    if (type === 'bool' || (onValue === 1 && offValue === 0)) return cast(b, hot, type);
    return where(b, hot, b.scalar(onValue, type), b.scalar(offValue, type));
  }),
  recorder<tf.UnsortedSegmentSumInputs, tf.UnsortedSegmentSumAttrs>(
    'UnsortedSegmentSum',
    (b, { x, segmentIds }, { numSegments }) => segmentSum(b, x, segmentIds, numSegments),
  ),
];

/** Rows of each stack are picked by that stack's own indices; only picking along the first axis after the stacks. */
function gatherInBatches(b: GraphBuilder, x: Value, indices: Value, axis: number, batchDims: number): Value {
  if (axis !== batchDims) refuse('GatherV2 with an axis that is not the first one after the batch');
  const places = cast(b, reshape(b, indices, [...indices.shape, 1]), 'int64');
  const shape = [...indices.shape, ...x.shape.slice(axis + 1)];
  return b.add('GatherND', [x, places], { batch_dims: batchDims }, shape, x.dtype);
}

/**
 * Row s of the result is the sum of the rows of `x` whose id is s; other ids are left out. A product with the 0/1 matrix of
 * memberships: the same sum in the same order every time, which a scattering addition on several threads does not promise.
 */
function segmentSum(b: GraphBuilder, x: Value, ids: Value, segments: number): Value {
  const inner = x.shape.slice(ids.shape.length);
  const rows = sizeOf(ids.shape);
  const member = compare(b, 'Equal', reshape(b, range(b, segments), [segments, 1]), reshape(b, ids, [1, rows]));
  const flat = reshape(b, cast(b, x, 'float32'), [rows, sizeOf(inner)]);
  const sums = gemm(b, cast(b, member, 'float32'), flat);
  return cast(b, reshape(b, sums, [segments, ...inner]), x.dtype);
}
