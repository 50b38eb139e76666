/** Arithmetic that need not wait for the run: on small constants, and with neutral numbers. */
import { constantData, type GraphBuilder, type NodeRequest, type Rule } from '../graph/builder';
import { constantOf, type ElementType, integersOf, type Shape, type Value } from '../graph/graph';
import { expand } from '../graph/operators';
import { permuteShape, sizeOf } from '../graph/shapes';

type Arithmetic = (x: number, y: number) => number;

const FOLDED: Readonly<Record<string, Arithmetic | undefined>> = {
  Add: (x, y) => x + y,
  Sub: (x, y) => x - y,
  Mul: (x, y) => x * y,
  Div: (x, y) => x / y,
  Neg: (x) => -x,
  Sqrt: (x) => Math.sqrt(x),
  Reciprocal: (x) => 1 / x,
  Cast: (x) => x,
  Not: (x) => (x === 0 ? 1 : 0),
};

/** Results up to this many elements are computed while the graph is built. */
const SMALL = 4096;

/** An operator on small constants becomes a constant. Each result is rounded to float32, as the operator would. */
export const foldConstants: Rule = (b, { op, inputs, outputs }) => {
  const f = FOLDED[op];
  const { shape, dtype } = outputs[0];
  const operands = inputs.map((value) => constantOf(value));
  if (!f || sizeOf(shape) > SMALL || !inputs.every((value) => constantOf(value))) return undefined;
  // Only numbers and equal shapes: enough for the scalars that gradients are full of.
  if (!inputs.every((value) => sizeOf(value.shape) === 1 || sizeOf(value.shape) === sizeOf(shape))) return undefined;
  if (!foldable(op, inputs, dtype)) return undefined;
  const at = (operand: number, i: number): number => {
    const data = operands.at(operand);
    return data === undefined ? 0 : Number(data[data.length === 1 ? 0 : i]);
  };
  const values = Array.from({ length: sizeOf(shape) }, (_, i) => f(at(0, i), at(1, i)));
  return [b.constant(constantData(values, dtype), shape, dtype)];
};

/** Integers divide and convert by rules of their own. */
function foldable(op: string, inputs: readonly Value[], dtype: ElementType): boolean {
  if (op === 'Not') return true;
  if (op === 'Cast') return dtype === 'float32' || (dtype === 'bool' && inputs[0].dtype !== 'float32');
  return dtype === 'float32' && inputs.every((value) => value.dtype === 'float32');
}

/** x * 1, x / 1, x + 0, x - 0 are x, repeated where the other operand was larger. (x + 0 turns -0 into 0: no gradient tells.) */
export const dropNeutral: Rule = (b, request) => {
  if (request.inputs.length !== 2) return undefined;
  const [x, y] = request.inputs;
  switch (request.op) {
    case 'Mul':
      return neutral(b, request, x, y, 1) ?? neutral(b, request, y, x, 1);
    case 'Add':
      return neutral(b, request, x, y, 0) ?? neutral(b, request, y, x, 0);
    case 'Div':
      return neutral(b, request, x, y, 1);
    case 'Sub':
      return neutral(b, request, x, y, 0);
    default:
      return undefined;
  }
};

function neutral(b: GraphBuilder, { outputs }: NodeRequest, x: Value, y: Value, number: number): Value[] | undefined {
  const data = constantOf(y);
  if (data?.length !== 1 || Number(data[0]) !== number) return undefined;
  const shape = outputs[0].shape;
  return x.shape.length === shape.length ? [expand(b, x, shape)] : undefined;
}

/** A constant can be reshaped and transposed at once; weights that were bound to an exported model are. */
export const rearrangeConstants: Rule = (b, request) => {
  const x = request.inputs.at(0);
  const data = x && constantOf(x);
  const { shape, dtype } = request.outputs[0];
  if (!data) return undefined;
  if (request.op === 'Reshape') return [b.constant(data, shape, dtype)];
  if (request.op !== 'Transpose' || data instanceof BigInt64Array) return undefined;
  return [b.constant(transposed(data, x.shape, integersOf(request, 'perm')), shape, dtype)];
};

/** Row-major elements in the order that the permutation of the axes gives them. */
function transposed<T extends Float32Array | Int32Array | Uint8Array>(
  data: T,
  shape: Shape,
  perm: readonly number[],
): T {
  const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
  const lengths = permuteShape(shape, perm);
  const steps = permuteShape(strides, perm);
  const place = new Array<number>(shape.length).fill(0);
  const result = data.slice() as T;
  let from = 0;
  for (let to = 0; to < result.length; to++) {
    result[to] = data[from];
    // Count on like a mileage counter, the last axis fastest.
    for (let axis = lengths.length - 1; axis >= 0; axis--) {
      from += steps[axis];
      if (++place[axis] < lengths[axis]) break;
      from -= steps[axis] * lengths[axis];
      place[axis] = 0;
    }
  }
  return result;
}
