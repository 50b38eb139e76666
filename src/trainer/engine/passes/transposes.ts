/**
 * Transpositions move towards the outputs: an operator on transposed operands becomes the transposition of the operator on the
 * operands as they were. Where two meet they cancel. So a network that is written channels-last runs channels-first between
 * its convolutions.
 */
import type { GraphBuilder, Rule } from '../graph/builder';
import { constantOf, integersOf, madeBy, type Value } from '../graph/graph';
import { reduce, reshape, transpose } from '../graph/operators';
import { invertPermutation, keepsOrder, padRank, permuteShape, sameShape, sizeOf } from '../graph/shapes';
import { isElementwise } from './elementwise';

/** Transpose of Transpose is one; one that moves only axes of length 1 is a Reshape. */
export const mergeTransposes: Rule = (b, request) => {
  if (request.op !== 'Transpose') return undefined;
  const x = request.inputs[0];
  const permutation = integersOf(request, 'perm');
  const inner = madeBy(x, 'Transpose');
  if (inner) {
    const first = integersOf(inner, 'perm');
    return [
      transpose(
        b,
        inner.inputs[0],
        permutation.map((axis) => first[axis]),
      ),
    ];
  }
  return keepsOrder(x.shape, permutation) ? [reshape(b, x, permuteShape(x.shape, permutation))] : undefined;
};

/**
 * Elementwise operators work in the layout of their transposed operand; the other operands are brought into it. Where that
 * would transpose an operand for which nothing cancels, only pictures (rank 4) are: another convolution will want the layout.
 */
export const transposeAfterElementwise: Rule = (b, request) => {
  if (!isElementwise(request.op)) return undefined;
  const { shape, dtype } = request.outputs[0];
  const transposed = request.inputs.filter((x) => x.shape.length === shape.length && madeBy(x, 'Transpose'));
  if (transposed.length === 0) return undefined;
  const permutation = integersOf(madeBy(transposed[0], 'Transpose')!, 'perm');
  const back = invertPermutation(permutation);
  if (shape.length !== PICTURE_RANK && !request.inputs.every((x) => isFree(x, permutation, back))) return undefined;
  const operands = request.inputs.map((x) => inLayout(b, x, back));
  const outputs = [{ shape: permuteShape(shape, back), dtype }];
  return [transpose(b, b.addPlain({ ...request, inputs: operands, outputs })[0], permutation)];
};

const PICTURE_RANK = 4;

/** Whether an operand can be brought into the layout before `permutation` without moving its elements. */
function isFree(x: Value, permutation: readonly number[], back: readonly number[]): boolean {
  const own = madeBy(x, 'Transpose');
  if (own) return sameShape(integersOf(own, 'perm'), permutation);
  return constantOf(x) !== undefined || keepsOrder(padRank(x.shape, back.length), back);
}

function inLayout(b: GraphBuilder, x: Value, permutation: readonly number[]): Value {
  if (sizeOf(x.shape) === 1) return reshape(b, x, []);
  return transpose(b, reshape(b, x, padRank(x.shape, permutation.length)), permutation);
}

const REDUCTIONS = new Set(['ReduceSum', 'ReduceMean', 'ReduceMax', 'ReduceMin', 'ReduceProd']);

/** A reduction of a transposed tensor reduces the tensor as it was, along the axes where these came from. */
export const transposeAfterReduction: Rule = (b, request) => {
  const inner = REDUCTIONS.has(request.op) ? madeBy(request.inputs[0], 'Transpose') : undefined;
  if (!inner) return undefined;
  const permutation = integersOf(inner, 'perm');
  const axes = integersOf(request, 'axes').map((axis) => permutation[axis]);
  const keepDims = request.attributes['keepdims'] === 1;
  const reduced = reduce(b, request.op, inner.inputs[0], axes, keepDims);
  return [transpose(b, reduced, keepDims ? permutation : withoutAxes(permutation, axes))];
};

/** The order that is left of a permutation when some of its axes are gone. */
function withoutAxes(permutation: readonly number[], gone: readonly number[]): number[] {
  const left = permutation.filter((axis) => !gone.includes(axis));
  return left.map((axis) => left.filter((other) => other < axis).length);
}

/** A matrix product transposes its operands for nothing. */
export const transposeInGemm: Rule = (b, request) => {
  if (request.op !== 'Gemm' || !request.inputs.some((x) => madeBy(x, 'Transpose'))) return undefined;
  const flip = (x: Value, name: string): number => {
    const asked = request.attributes[name] === 1;
    return (madeBy(x, 'Transpose') ? !asked : asked) ? 1 : 0;
  };
  const inputs = request.inputs.map((x) => madeBy(x, 'Transpose')?.inputs[0] ?? x);
  const attributes = {
    transA: flip(request.inputs[0], 'transA'),
    transB: flip(request.inputs[1], 'transB'),
  };
  const { shape, dtype } = request.outputs[0];
  return [b.add('Gemm', inputs, attributes, shape, dtype)];
};
