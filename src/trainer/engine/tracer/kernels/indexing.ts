/** Picking elements by index, and finding the index. */
import type * as tf from '@tensorflow/tfjs-core';
import type { GraphBuilder } from '../../graph/builder';
import type { Value } from '../../graph/graph';
import type { Dtype } from '../../engine';
import { cast, compare, gather, range, reduce, reshape, where } from '../../graph/operators';
import { normaliseAxes } from '../../graph/shapes';
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
  recorder<tf.SearchSortedInputs, tf.SearchSortedAttrs>('SearchSorted', (b, { sortedSequence, values }, { side }) =>
    searchSorted(b, sortedSequence, values, side === 'left' ? 'Less' : 'LessOrEqual'),
  ),
];

/** Rows of each stack are picked by that stack's own indices; only picking along the first axis after the stacks. */
function gatherInBatches(b: GraphBuilder, x: Value, indices: Value, axis: number, batchDims: number): Value {
  if (axis !== batchDims) refuse('GatherV2 with an axis that is not the first one after the batch');
  const places = cast(b, reshape(b, indices, [...indices.shape, 1]), 'int64');
  const shape = [...indices.shape, ...x.shape.slice(axis + 1)];
  return b.add('GatherND', [x, places], { batch_dims: batchDims }, shape, x.dtype);
}

/** Row by row, how many elements of the sorted sequence are less than each value (or equal to it): where it would be put. */
function searchSorted(b: GraphBuilder, sorted: Value, values: Value, order: string): Value {
  const [rows, length] = sorted.shape;
  const sequence = reshape(b, sorted, [rows, 1, length]);
  const before = compare(b, order, sequence, reshape(b, values, [rows, values.shape[1], 1]));
  return reduce(b, 'ReduceSum', cast(b, before, 'int32'), [2], false);
}
