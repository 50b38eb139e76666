/** Repetition (Expand) is put off: operators work on what is repeated, and broadcasting does the rest. */
import type { GraphBuilder, NodeRequest, Rule } from '../graph/builder';
import { madeBy, integersOf, type Value } from '../graph/graph';
import { expand, mul, reduce, reshape, transpose } from '../graph/operators';
import { broadcastShapes, padRank, reducedShape, sameShape, sizeOf } from '../graph/shapes';
import { isElementwise } from './elementwise';

/** What is repeated in `value`, or `value` itself. */
function core(value: Value): Value {
  return madeBy(value, 'Expand')?.inputs[0] ?? value;
}

/** An elementwise operator takes the small operands, and its result is repeated if it is then still too small. */
export const expandAfterElementwise: Rule = (b, request) => {
  if (!isElementwise(request.op) || !request.inputs.some((value) => madeBy(value, 'Expand'))) return undefined;
  const cores = request.inputs.map(core);
  const { shape, dtype } = request.outputs[0];
  const small = broadcastShapes(...cores.map((value) => value.shape));
  return [expand(b, b.add(request.op, cores, request.attributes, small, dtype), shape)];
};

/** Expand of Expand, reshaped single elements, transposed repetitions. */
export const expandAfterRearranging: Rule = (b, request) => {
  const x = request.inputs.at(0);
  const repeated = x && madeBy(x, 'Expand')?.inputs[0];
  if (!repeated) return undefined;
  const { shape } = request.outputs[0];
  switch (request.op) {
    case 'Expand':
      return [expand(b, repeated, shape)];
    case 'Reshape':
      return reshapeRepeated(b, repeated, x, shape);
    case 'Transpose': {
      const full = reshape(b, repeated, padRank(repeated.shape, shape.length));
      return [expand(b, transpose(b, full, integersOf(request, 'perm')), shape)];
    }
    default:
      return undefined;
  }
};

function reshapeRepeated(b: GraphBuilder, core: Value, x: Value, shape: readonly number[]): Value[] | undefined {
  if (sizeOf(core.shape) === 1)
    return [
      expand(
        b,
        reshape(
          b,
          core,
          shape.map(() => 1),
        ),
        shape,
      ),
    ];
  // Axes of length 1 that come or go: the same repetition, seen with other axes.
  const kept = x.shape.filter((length) => length !== 1);
  if (
    !sameShape(
      kept,
      shape.filter((length) => length !== 1),
    )
  )
    return undefined;
  const lengths = padRank(core.shape, x.shape.length).filter((_, axis) => x.shape[axis] !== 1);
  let next = 0;
  const small = shape.map((length) => (length === 1 ? 1 : lengths[next++]));
  return [expand(b, reshape(b, core, small), shape)];
}

/** A sum over repeated elements is a multiple; their mean or extreme is themselves. */
export const reduceRepeated: Rule = (b, request) => {
  const x = request.inputs.at(0);
  const repeated = x && madeBy(x, 'Expand')?.inputs[0];
  if (!repeated || !['ReduceSum', 'ReduceMean', 'ReduceMax', 'ReduceMin'].includes(request.op)) return undefined;
  return [reduceCore(b, request, x, repeated)];
};

function reduceCore(b: GraphBuilder, request: NodeRequest, x: Value, repeated: Value): Value {
  const axes = integersOf(request, 'axes');
  const full = reshape(b, repeated, padRank(repeated.shape, x.shape.length));
  const varying = axes.filter((axis) => full.shape[axis] !== 1);
  const count = sizeOf(axes.filter((axis) => full.shape[axis] === 1).map((axis) => x.shape[axis]));
  const reduced = reduce(b, request.op, full, varying, true);
  const total = request.op === 'ReduceSum' && count !== 1 ? mul(b, reduced, b.scalar(count, x.dtype)) : reduced;
  const keepDims = request.attributes['keepdims'] === 1;
  const small = keepDims ? total.shape : total.shape.filter((_, axis) => !axes.includes(axis));
  return expand(b, reshape(b, total, small), reducedShape(x.shape, axes, keepDims));
}
