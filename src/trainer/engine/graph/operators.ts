/** ONNX operators as functions on values: each adds one node and knows the shape and type of its result. */
import type { GraphBuilder } from './builder';
import type { Attributes, ElementType, Shape, Value } from './graph';
import { broadcastShapes, normaliseAxes, permuteShape, reducedShape, sameShape, sizeOf } from './shapes';

function mismatch(operation: string, x: Shape, y: Shape): RangeError {
  return new RangeError(`${operation}: the shapes [${x.join(', ')}] and [${y.join(', ')}] do not fit.`);
}

/** An operator that keeps its operand's shape and type. */
export function unary(b: GraphBuilder, op: string, x: Value, attributes: Attributes = {}): Value {
  return b.add(op, [x], attributes, x.shape, x.dtype);
}

/** An elementwise operator with broadcasting; the result has the operands' type unless said otherwise. */
export function elementwise(b: GraphBuilder, op: string, operands: readonly Value[], dtype?: ElementType): Value {
  const shape = broadcastShapes(...operands.map((value) => value.shape));
  return b.add(op, operands, {}, shape, dtype ?? operands[0].dtype);
}

export const add = (b: GraphBuilder, x: Value, y: Value): Value => elementwise(b, 'Add', [x, y]);
export const sub = (b: GraphBuilder, x: Value, y: Value): Value => elementwise(b, 'Sub', [x, y]);
export const mul = (b: GraphBuilder, x: Value, y: Value): Value => elementwise(b, 'Mul', [x, y]);
export const div = (b: GraphBuilder, x: Value, y: Value): Value => elementwise(b, 'Div', [x, y]);
export const not = (b: GraphBuilder, x: Value): Value => unary(b, 'Not', x);

/** Equal, Greater, Less, GreaterOrEqual, LessOrEqual, And, Or, Xor. */
export function compare(b: GraphBuilder, op: string, x: Value, y: Value): Value {
  return elementwise(b, op, [x, y], 'bool');
}

export function where(b: GraphBuilder, condition: Value, x: Value, y: Value): Value {
  return elementwise(b, 'Where', [condition, x, y], x.dtype);
}

const ONNX_TYPES: Readonly<Record<ElementType, number>> = { float32: 1, int32: 6, int64: 7, bool: 9 };

/** The number of an element type in an ONNX file (TensorProto.DataType). */
export function onnxType(dtype: ElementType): number {
  return ONNX_TYPES[dtype];
}

export function cast(b: GraphBuilder, x: Value, dtype: ElementType): Value {
  return x.dtype === dtype ? x : b.add('Cast', [x], { to: onnxType(dtype) }, x.shape, dtype);
}

export function reshape(b: GraphBuilder, x: Value, shape: Shape): Value {
  if (sizeOf(shape) !== sizeOf(x.shape)) throw mismatch('reshape', x.shape, shape);
  return sameShape(x.shape, shape) ? x : b.add('Reshape', [x], { shape }, shape, x.dtype);
}

/** `x` repeated to `shape`, to which it must broadcast. */
export function expand(b: GraphBuilder, x: Value, shape: Shape): Value {
  return sameShape(x.shape, shape) ? x : b.add('Expand', [x], { shape }, shape, x.dtype);
}

export function transpose(b: GraphBuilder, x: Value, perm: readonly number[]): Value {
  if (perm.every((axis, i) => axis === i)) return x;
  return b.add('Transpose', [x], { perm }, permuteShape(x.shape, perm), x.dtype);
}

/** ReduceSum, ReduceMean, ReduceMax, ReduceMin, ReduceProd. No axes: `x` itself. */
export function reduce(b: GraphBuilder, op: string, x: Value, over: readonly number[], keepDims: boolean): Value {
  const axes = normaliseAxes(over, x.shape.length);
  if (axes.length === 0) return x;
  return b.add(op, [x], { axes, keepdims: keepDims ? 1 : 0 }, reducedShape(x.shape, axes, keepDims), x.dtype);
}

export interface Range {
  readonly axis: number;
  readonly start: number;
  readonly end: number;
  readonly step?: number;
}

/** The part of `x` that lies within all `ranges`; axes that are not named, or named in full, stay whole. Steps are positive. */
export function slice(b: GraphBuilder, x: Value, ranges: readonly Range[]): Value {
  const cuts = ranges.filter(({ axis, start, end, step }) => start > 0 || end < x.shape[axis] || (step ?? 1) > 1);
  if (cuts.length === 0) return x;
  const shape = [...x.shape];
  for (const { axis, start, end, step } of cuts) shape[axis] = Math.ceil((end - start) / (step ?? 1));
  return b.add('Slice', [x], sliceAttributes(cuts), shape, x.dtype);
}

function sliceAttributes(cuts: readonly Range[]): Attributes {
  return {
    starts: cuts.map((cut) => cut.start),
    ends: cuts.map((cut) => cut.end),
    axes: cuts.map((cut) => cut.axis),
    steps: cuts.map((cut) => cut.step ?? 1),
  };
}

/** `x` with the order of its elements turned round along `axes`. */
export function reverse(b: GraphBuilder, x: Value, axes: readonly number[]): Value {
  const turned = axes.filter((axis) => x.shape[axis] !== 1);
  if (turned.length === 0) return x;
  // ONNX asks for an end "before the first element": a number below any negative index.
  const ends = turned.map((axis) => -x.shape[axis] - 1);
  const attributes = { starts: turned.map(() => -1), ends, axes: turned, steps: turned.map(() => -1) };
  return b.add('Slice', [x], attributes, x.shape, x.dtype);
}

/** `before` and `after`: the number of elements added at either end of each axis; negative numbers cut elements off. */
export function pad(b: GraphBuilder, x: Value, before: Shape, after: Shape, value: Value, mode = 'constant'): Value {
  if ([...before, ...after].every((count) => count === 0)) return x;
  const shape = x.shape.map((length, axis) => length + before[axis] + after[axis]);
  const inputs = mode === 'constant' ? [x, value] : [x];
  return b.add('Pad', inputs, { mode, pads: [...before, ...after] }, shape, x.dtype);
}

export function concat(b: GraphBuilder, parts: readonly Value[], axis: number): Value {
  if (parts.length === 1) return parts[0];
  const shape = [...parts[0].shape];
  for (const part of parts) {
    const fits =
      part.shape.length === shape.length && shape.every((length, i) => i === axis || length === part.shape[i]);
    if (!fits) throw mismatch('concat', shape, part.shape);
  }
  shape[axis] = parts.reduce((length, part) => length + part.shape[axis], 0);
  return b.add('Concat', parts, { axis }, shape, parts[0].dtype);
}

export function gather(b: GraphBuilder, x: Value, indices: Value, axis: number): Value {
  const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
  return b.add('Gather', [x, indices], { axis }, shape, x.dtype);
}

/** 0, 1, ... count - 1. */
export function range(b: GraphBuilder, count: number): Value {
  return b.constant(
    Int32Array.from({ length: count }, (_, i) => i),
    [count],
    'int32',
  );
}

/** The product of two matrices, either of them transposed first when asked. */
export function gemm(b: GraphBuilder, x: Value, y: Value, transA = false, transB = false): Value {
  const shape = [x.shape[transA ? 1 : 0], y.shape[transB ? 0 : 1]];
  if (x.shape[transA ? 0 : 1] !== y.shape[transB ? 1 : 0]) throw mismatch('matMul', x.shape, y.shape);
  return b.add('Gemm', [x, y], { transA: transA ? 1 : 0, transB: transB ? 1 : 0 }, shape, 'float32');
}

/** The products of two stacks of matrices; leading axes broadcast. */
export function matMul(b: GraphBuilder, x: Value, y: Value): Value {
  if (x.shape.at(-1) !== y.shape.at(-2)) throw mismatch('matMul', x.shape, y.shape);
  const stack = broadcastShapes(x.shape.slice(0, -2), y.shape.slice(0, -2));
  return b.add('MatMul', [x, y], {}, [...stack, x.shape.at(-2)!, y.shape.at(-1)!], 'float32');
}

/** A constant of one repeated number; a large one costs no memory until something needs it in full. */
export function filled(b: GraphBuilder, shape: Shape, value: number, dtype: ElementType): Value {
  const scalar = b.scalar(value, dtype);
  return sizeOf(shape) === 1 ? reshape(b, scalar, shape) : expand(b, scalar, shape);
}
