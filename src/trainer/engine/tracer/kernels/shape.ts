/** Kernels that rearrange elements without computing: reshape, transpose, slice, join, repeat, pad. */
import * as tf from '@tensorflow/tfjs-core';
import type { GraphBuilder } from '../../graph/builder';
import type { Value } from '../../graph/graph';
import { concat, pad, reshape, reverse, slice, transpose } from '../../graph/operators';
import { normaliseAxes, sizeOf } from '../../graph/shapes';
import { listRecorder, type Recorder, recorder } from '../kernel';
import { refuse } from '../refuse';

export const shapeRecorders: readonly Recorder[] = [
  recorder<tf.ReshapeInputs, tf.ReshapeAttrs>('Reshape', (b, { x }, { shape }) =>
    reshape(b, x, tf.util.inferFromImplicitShape(shape, sizeOf(x.shape))),
  ),
  recorder<tf.ExpandDimsInputs, tf.ExpandDimsAttrs>('ExpandDims', (b, { input }, { dim }) => {
    const axis = dim < 0 ? input.shape.length + 1 + dim : dim;
    return reshape(b, input, [...input.shape.slice(0, axis), 1, ...input.shape.slice(axis)]);
  }),
  recorder<tf.TransposeInputs, tf.TransposeAttrs>('Transpose', (b, { x }, { perm }) => transpose(b, x, perm)),
  recorder<tf.SliceInputs, tf.SliceAttrs>('Slice', (b, { x }, { begin, size }) => {
    const [starts, lengths] = tf.slice_util.parseSliceParams({ shape: [...x.shape] } as tf.TensorInfo, begin, size);
    return window(b, x, starts, lengths);
  }),
  recorder<tf.StridedSliceInputs, tf.StridedSliceAttrs>('StridedSlice', stridedSlice),
  recorder<tf.ReverseInputs, tf.ReverseAttrs>('Reverse', (b, { x }, { dims }) =>
    reverse(b, x, tf.util.parseAxisParam(dims, [...x.shape])),
  ),
  listRecorder<tf.ConcatAttrs>('Concat', (b, parts, { axis }) => {
    const [along] = normaliseAxes([axis], parts[0].shape.length);
    const filledParts = parts.filter((part) => sizeOf(part.shape) > 0);
    return concat(b, filledParts.length > 0 ? filledParts : parts.slice(0, 1), along);
  }),
  listRecorder<tf.PackAttrs>('Pack', (b, parts, { axis }) => {
    const shape = parts[0].shape;
    const along = axis < 0 ? axis + shape.length + 1 : axis;
    const apart = [...shape.slice(0, along), 1, ...shape.slice(along)];
    return concat(
      b,
      parts.map((part) => reshape(b, part, apart)),
      along,
    );
  }),
  recorder<tf.UnpackInputs, tf.UnpackAttrs>('Unpack', (b, { value }, { axis }) => {
    const [along] = normaliseAxes([axis], value.shape.length);
    const shape = value.shape.filter((_, i) => i !== along);
    return split(b, value, along, new Array<number>(value.shape[along]).fill(1)).map((part) => reshape(b, part, shape));
  }),
  recorder<tf.SplitVInputs, tf.SplitVAttrs>('SplitV', (b, { x }, { numOrSizeSplits, axis }) => {
    const [along] = normaliseAxes([axis], x.shape.length);
    return split(b, x, along, splitLengths(x.shape[along], numOrSizeSplits));
  }),
  recorder<tf.TileInputs, tf.TileAttrs>('Tile', (b, { x }, { reps }) =>
    b.add(
      'Tile',
      [x],
      { repeats: reps },
      x.shape.map((length, axis) => length * reps[axis]),
      x.dtype,
    ),
  ),
  recorder<tf.PadV2Inputs, tf.PadV2Attrs>('PadV2', (b, { x }, { paddings, constantValue }) =>
    pad(
      b,
      x,
      paddings.map((p) => p[0]),
      paddings.map((p) => p[1]),
      b.scalar(constantValue, x.dtype),
    ),
  ),
  recorder<tf.MirrorPadInputs, tf.MirrorPadAttrs>('MirrorPad', (b, { x }, { paddings, mode }) => {
    const edge = mode === 'reflect' ? 1 : 0;
    return paddings.reduce((padded, [before, after], axis) => mirror(b, padded, axis, before, after, edge), x);
  }),
];

/** Pads one axis with its own elements in turned order; `edge` is 1 when the outermost element is not repeated. */
function mirror(b: GraphBuilder, x: Value, axis: number, before: number, after: number, edge: number): Value {
  const length = x.shape[axis];
  const part = (start: number, end: number): Value[] =>
    end > start ? [reverse(b, slice(b, x, [{ axis, start, end }]), [axis])] : [];
  return concat(b, [...part(edge, edge + before), x, ...part(length - edge - after, length - edge)], axis);
}

function window(b: GraphBuilder, x: Value, starts: readonly number[], lengths: readonly number[]): Value {
  return slice(
    b,
    x,
    starts.map((start, axis) => ({ axis, start, end: start + lengths[axis] })),
  );
}

/** The lengths of the parts, given as their number or one by one; one of them may be -1, for what the others leave. */
function splitLengths(length: number, parts: number | number[]): number[] {
  if (typeof parts === 'number') return new Array<number>(parts).fill(length / parts);
  const given = parts.reduce((sum, part) => sum + Math.max(part, 0), 0);
  return parts.map((part) => (part < 0 ? length - given : part));
}

function split(b: GraphBuilder, x: Value, axis: number, lengths: readonly number[]): Value[] {
  let start = 0;
  return lengths.map((length) => slice(b, x, [{ axis, start, end: (start += length) }]));
}

/** Python-like slicing; negative steps only over whole axes are not needed by any gradient and are refused. */
function stridedSlice(b: GraphBuilder, { x }: { x: Value }, attributes: tf.StridedSliceAttrs): Value {
  const { begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } = attributes;
  const info = tf.slice_util.sliceInfo(
    [...x.shape],
    begin,
    end,
    strides,
    beginMask,
    endMask,
    ellipsisMask,
    newAxisMask,
    shrinkAxisMask,
  );
  if (info.strides.some((stride) => stride < 0)) refuse('StridedSlice with a negative stride');
  const part = slice(
    b,
    x,
    info.begin.map((start, axis) => ({ axis, start, end: info.end[axis], step: info.strides[axis] })),
  );
  return reshape(b, part, info.finalShape);
}
