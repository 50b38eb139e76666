import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../../src/trainer/engine/graph/builder';
import { constantOf, type Graph, integersOf, type Value } from '../../../src/trainer/engine/graph/graph';
import * as op from '../../../src/trainer/engine/graph/operators';
import { optimise } from '../../../src/trainer/engine/passes/optimise';

/** The optimised graph of `make`, whose operands are inputs of the given shapes. */
function optimised(shapes: readonly number[][], make: (b: GraphBuilder, ...inputs: Value[]) => Value): Graph {
  const b = new GraphBuilder('test');
  b.output('y', make(b, ...shapes.map((shape, i) => b.input(`x${i}`, shape, 'float32'))));
  return optimise(b.build());
}

const ops = (graph: Graph): string[] => graph.nodes.map((node) => node.op);
const shapeOfOutput = (graph: Graph): readonly number[] => graph.outputs.get('y')!.shape;

const FIRST = [0, 3, 1, 2];
const LAST = [0, 2, 3, 1];

describe('a builder', () => {
  it('gives the same value for the same node, and another for other attributes', () => {
    const b = new GraphBuilder('test');
    const x = b.input('x', [2, 3], 'float32');
    expect(op.mul(b, x, x)).toBe(op.mul(b, x, x));
    expect(op.reduce(b, 'ReduceSum', x, [0], false)).not.toBe(op.reduce(b, 'ReduceSum', x, [1], false));
    expect(b.scalar(1)).toBe(b.scalar(1));
    expect(b.scalar(0)).not.toBe(b.scalar(-0));
    expect(b.scalar(1)).not.toBe(b.scalar(1, 'int32'));
  });

  it('refuses shapes that do not fit', () => {
    const b = new GraphBuilder('test');
    const x = b.input('x', [2, 3], 'float32');
    expect(() => op.add(b, x, b.input('y', [2], 'float32'))).toThrow(/\[2, 3\] and \[2\]/);
    expect(() => op.gemm(b, x, x)).toThrow(/matMul/);
    expect(() => op.reshape(b, x, [4])).toThrow(/reshape/);
    expect(() => op.concat(b, [x, b.input('z', [2, 4], 'float32')], 0)).toThrow(/concat/);
  });
});

describe('what no output needs', () => {
  it('is left out', () => {
    const graph = optimised([[3]], (b, x) => {
      op.unary(b, 'Exp', op.unary(b, 'Log', x));
      return op.unary(b, 'Neg', x);
    });
    expect(ops(graph)).toEqual(['Neg']);
  });
});

describe('constants', () => {
  it('are computed, rounded as float32', () => {
    const graph = optimised([[3]], (b, x) => op.mul(b, x, op.div(b, b.scalar(1), b.scalar(3))));
    expect(ops(graph)).toEqual(['Mul']);
    expect(constantOf(graph.nodes[0].inputs[1])).toEqual(Float32Array.of(Math.fround(1 / 3)));
  });

  it('that change nothing are dropped', () => {
    const graph = optimised([[3, 4]], (b, x) =>
      op.sub(b, op.div(b, op.add(b, op.mul(b, b.scalar(1), x), b.scalar(0)), b.scalar(1)), b.scalar(0)),
    );
    expect(ops(graph)).toEqual([]);
  });

  it('are kept where they do change something', () => {
    expect(ops(optimised([[3]], (b, x) => op.sub(b, b.scalar(0), x)))).toEqual(['Sub']);
    expect(ops(optimised([[3]], (b, x) => op.div(b, b.scalar(1), x)))).toEqual(['Div']);
  });

  it('are transposed and reshaped at once', () => {
    const graph = optimised([[3, 2]], (b, x) => {
      const weights = b.constant(Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3], 'float32');
      return op.add(b, x, op.transpose(b, weights, [1, 0]));
    });
    expect(ops(graph)).toEqual(['Add']);
    expect(constantOf(graph.nodes[0].inputs[1])).toEqual(Float32Array.of(1, 4, 2, 5, 3, 6));
  });
});

describe('repetition', () => {
  it('is left to broadcasting', () => {
    const graph = optimised(
      [
        [4, 1],
        [4, 5],
      ],
      (b, x, y) => op.add(b, op.mul(b, op.expand(b, x, [4, 5]), b.scalar(2)), y),
    );
    expect(ops(graph)).toEqual(['Mul', 'Add']);
    expect(graph.nodes[0].outputs[0].shape).toEqual([4, 1]);
  });

  it('of ones, as in the gradient of a mean, costs nothing', () => {
    const graph = optimised(
      [
        [4, 1, 1, 3],
        [4, 5, 5, 3],
      ],
      (b, dy, x) => op.mul(b, op.div(b, op.mul(b, dy, op.filled(b, [4, 5, 5, 3], 1, 'float32')), b.scalar(25)), x),
    );
    expect(ops(graph)).toEqual(['Div', 'Mul']);
    expect(graph.nodes[0].outputs[0].shape).toEqual([4, 1, 1, 3]);
  });

  it('is summed by multiplying', () => {
    const graph = optimised([[4, 1]], (b, x) => op.reduce(b, 'ReduceSum', op.expand(b, x, [4, 6]), [0, 1], false));
    expect(ops(graph)).toEqual(['ReduceSum', 'Mul', 'Reshape']);
    expect(constantOf(graph.nodes[1].inputs[1])).toEqual(Float32Array.of(6));
    expect(shapeOfOutput(graph)).toEqual([]);
  });

  it('is done at last where an output needs it', () => {
    const graph = optimised([[1, 3]], (b, x) => op.unary(b, 'Exp', op.expand(b, x, [2, 3])));
    expect(ops(graph)).toEqual(['Exp', 'Expand']);
    expect(shapeOfOutput(graph)).toEqual([2, 3]);
  });
});

describe('transpositions', () => {
  it('cancel through what lies between', () => {
    const graph = optimised([[2, 3, 4, 5], [3]], (b, x, bias) => {
      const last = op.transpose(b, x, LAST);
      return op.transpose(b, op.unary(b, 'Relu', op.add(b, last, bias)), FIRST);
    });
    expect(ops(graph)).toEqual(['Reshape', 'Add', 'Relu']);
    expect(graph.nodes[0].outputs[0].shape).toEqual([1, 3, 1, 1]);
    expect(shapeOfOutput(graph)).toEqual([2, 3, 4, 5]);
  });

  it('leave reductions, which take other axes', () => {
    const graph = optimised([[2, 3, 4, 5]], (b, x) =>
      op.reduce(b, 'ReduceMean', op.transpose(b, x, LAST), [0, 1, 2], false),
    );
    expect(ops(graph)).toEqual(['ReduceMean']);
    expect(integersOf(graph.nodes[0], 'axes')).toEqual([0, 2, 3]);
    expect(shapeOfOutput(graph)).toEqual([3]);
  });

  it('keep the order of the axes that a reduction leaves', () => {
    const graph = optimised([[2, 3, 4, 5]], (b, x) => op.reduce(b, 'ReduceSum', op.transpose(b, x, LAST), [2], false));
    expect(shapeOfOutput(graph)).toEqual([2, 4, 3]);
    expect(ops(graph)).toEqual(['ReduceSum', 'Transpose']);
  });

  it('of axes of length 1 are reshapes', () => {
    const graph = optimised([[2, 3, 1, 1]], (b, x) => op.unary(b, 'Neg', op.transpose(b, x, LAST)));
    expect(ops(graph)).not.toContain('Transpose');
  });

  it('of a matrix are left to the product', () => {
    const graph = optimised(
      [
        [3, 2],
        [4, 3],
      ],
      (b, x, y) => op.gemm(b, op.transpose(b, x, [1, 0]), op.transpose(b, y, [1, 0])),
    );
    expect(ops(graph)).toEqual(['Gemm']);
    expect(graph.nodes[0].attributes).toEqual({ transA: 1, transB: 1 });
  });

  it('come to an end where both layouts are wanted', () => {
    const graph = optimised(
      [
        [4, 4],
        [4, 4],
      ],
      (b, x, y) => op.add(b, op.transpose(b, x, [1, 0]), op.mul(b, y, y)),
    );
    expect(ops(graph).filter((name) => name === 'Transpose')).toHaveLength(1);
    const pictures = optimised(
      [
        [2, 3, 4, 5],
        [2, 4, 5, 3],
      ],
      (b, x, y) => op.add(b, op.transpose(b, x, LAST), y),
    );
    expect(shapeOfOutput(pictures)).toEqual([2, 4, 5, 3]);
  });
});
