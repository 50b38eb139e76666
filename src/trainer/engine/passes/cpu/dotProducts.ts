/** A sum of products over whole pictures is a dot product for each channel, which needs no tensor of the products. */
import type { GraphBuilder, Rule } from '../../graph/builder';
import { integersOf, madeBy, type Value } from '../../graph/graph';
import { mul, reduce, reshape } from '../../graph/operators';
import { reducedShape, sameShape, sizeOf } from '../../graph/shapes';

/** Shorter dot products cost more in calls than they save in memory. */
const LONG = 256;

/** ReduceSum or ReduceMean of Mul(x, y) over the last axes (and perhaps others). */
export const dotProducts: Rule = (b, request) => {
  if (request.op !== 'ReduceSum' && request.op !== 'ReduceMean') return undefined;
  const product = madeBy(request.inputs[0], 'Mul');
  if (!product || request.outputs[0].dtype !== 'float32') return undefined;
  const [x, y] = product.inputs;
  if (!sameShape(x.shape, y.shape)) return undefined;
  const axes = integersOf(request, 'axes');
  const { length: rank } = x.shape;
  let kept = rank;
  while (kept > 0 && axes.includes(kept - 1)) kept--;
  if (sizeOf(x.shape.slice(kept)) < LONG) return undefined;
  const dots = dotAlong(b, x, y, kept);
  const sum = reduce(
    b,
    'ReduceSum',
    dots,
    axes.filter((axis) => axis < kept),
    true,
  );
  const count = sizeOf(axes.map((axis) => x.shape[axis]));
  const total = request.op === 'ReduceMean' ? mul(b, sum, b.scalar(1 / count)) : sum;
  return [reshape(b, total, reducedShape(x.shape, axes, request.attributes['keepdims'] === 1))];
};

/** The dot products of `x` and `y` along all axes from `first` on; [the axes before it]. */
function dotAlong(b: GraphBuilder, x: Value, y: Value, first: number): Value {
  const outer = x.shape.slice(0, first);
  const rows = [sizeOf(outer), 1, sizeOf(x.shape.slice(first))];
  const attributes = { transA: 0, transB: 1, alpha: 1 };
  const dots = b.add('FusedMatMul', [reshape(b, x, rows), reshape(b, y, rows)], attributes, [rows[0], 1, 1], 'float32');
  return reshape(b, dots, outer);
}
