/** Adding and putting elements where indices say. */
import type * as tf from '@tensorflow/tfjs-core';
import type { GraphBuilder } from '../../graph/builder';
import type { Shape, Value } from '../../graph/graph';
import { add, cast, compare, expand, filled, gemm, mul, range, reshape, slice, where } from '../../graph/operators';
import { sizeOf } from '../../graph/shapes';
import { type Recorder, recorder } from '../kernel';

/** The largest matrix of memberships (segments x rows): above it, adding one by one is faster and needs less memory. */
const LARGEST_MEMBERSHIP = 1 << 22;

export const scatterRecorders: readonly Recorder[] = [
  recorder<tf.UnsortedSegmentSumInputs, tf.UnsortedSegmentSumAttrs>(
    'UnsortedSegmentSum',
    (b, { x, segmentIds }, { numSegments }) => segmentSum(b, x, segmentIds, numSegments),
  ),
  recorder<tf.ScatterNdInputs, tf.ScatterNdAttrs>('ScatterNd', (b, { indices, updates }, { shape }) => {
    const depth = indices.shape.at(-1)!;
    const places = sizeOf(shape.slice(0, depth));
    return reshape(b, segmentSum(b, updates, flatPlaces(b, indices, shape), places), shape);
  }),
  recorder<tf.TensorScatterUpdateInputs>('TensorScatterUpdate', (b, { tensor, indices, updates }) =>
    b.add('ScatterND', [tensor, cast(b, indices, 'int64'), updates], { reduction: 'none' }, tensor.shape, tensor.dtype),
  ),
];

/** Indices of several axes, [..., depth], as places in the row-major order of those axes, [...]. */
function flatPlaces(b: GraphBuilder, indices: Value, shape: Shape): Value {
  const depth = indices.shape.at(-1)!;
  const rows = indices.shape.slice(0, -1);
  const axis = indices.shape.length - 1;
  let places: Value | undefined;
  for (let i = 0; i < depth; i++) {
    const index = reshape(b, slice(b, indices, [{ axis, start: i, end: i + 1 }]), rows);
    places = places ? add(b, mul(b, places, b.scalar(shape[i], 'int32')), index) : index;
  }
  return places!;
}

/**
 * Row s of the result is the sum of the rows of `x` whose id is s; other ids are left out. Where it is small, a product with the
 * 0/1 matrix of memberships; otherwise one by one with ScatterElements. Either adds in the same order every time on a CPU,
 * which ScatterND on several threads does not promise.
 */
export function segmentSum(b: GraphBuilder, x: Value, ids: Value, segments: number): Value {
  const inner = x.shape.slice(ids.shape.length);
  const rows = sizeOf(ids.shape);
  const flat = reshape(b, cast(b, x, 'float32'), [rows, sizeOf(inner)]);
  const flatIds = reshape(b, ids, [rows]);
  const add = segments * rows <= LARGEST_MEMBERSHIP ? addByProduct : addOneByOne;
  return cast(b, reshape(b, add(b, flat, flatIds, segments), [segments, ...inner]), x.dtype);
}

function addByProduct(b: GraphBuilder, flat: Value, ids: Value, segments: number): Value {
  const rows = flat.shape[0];
  const member = compare(b, 'Equal', reshape(b, range(b, segments), [segments, 1]), reshape(b, ids, [1, rows]));
  return gemm(b, cast(b, member, 'float32'), flat);
}

/** Ids that are no segment go to a row of their own, which is cut off. */
function addOneByOne(b: GraphBuilder, flat: Value, ids: Value, segments: number): Value {
  const [rows, columns] = flat.shape;
  const last = b.scalar(segments, 'int32');
  const real = compare(
    b,
    'And',
    compare(b, 'GreaterOrEqual', ids, b.scalar(0, 'int32')),
    compare(b, 'Less', ids, last),
  );
  const places = expand(b, reshape(b, where(b, real, ids, last), [rows, 1]), [rows, columns]);
  const zeros = filled(b, [segments + 1, columns], 0, 'float32');
  const sums = b.add('ScatterElements', [zeros, places, flat], { axis: 0, reduction: 'add' }, zeros.shape, 'float32');
  return slice(b, sums, [{ axis: 0, start: 0, end: segments }]);
}
