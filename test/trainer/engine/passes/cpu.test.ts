import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../../../src/trainer/engine/graph/builder';
import type { Graph, Value } from '../../../../src/trainer/engine/graph/graph';
import * as op from '../../../../src/trainer/engine/graph/operators';
import { encodeModel } from '../../../../src/trainer/engine/onnx/encode';
import type { HostTensors } from '../../../../src/trainer/engine/engine';
import { blockSize, findBlockSize } from '../../../../src/trainer/engine/onnx/blockSize';
import { openSession } from '../../../../src/trainer/engine/onnx/session';
import type { BlockSize } from '../../../../src/trainer/engine/passes/cpu/blocked/layout';
import { lowerForCpu } from '../../../../src/trainer/engine/passes/cpu/lower';
import { Random } from '../../../../src/trainer/random';

type Make = (b: GraphBuilder, ...inputs: Value[]) => Value;

function graphOf(shapes: readonly number[][], make: Make): Graph {
  const b = new GraphBuilder('test');
  b.output('y', make(b, ...shapes.map((shape, i) => b.input(`x${i}`, shape, 'float32'))));
  return b.build();
}

const opsOf = (graph: Graph): string[] => graph.nodes.map((node) => node.op);

async function run(graph: Graph): Promise<ArrayLike<number>> {
  const random = new Random(3);
  const session = await openSession(encodeModel(graph), { threads: 2 });
  const inputs = Object.fromEntries(
    graph.inputs.map(({ shape }, i) => [
      `x${i}`,
      { shape, data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal()) },
    ]),
  );
  const { y } = await session.run(inputs);
  await session.close();
  return y.data;
}

/** The operators of the lowered graph, after seeing that it computes the same. */
async function lowered(shapes: readonly number[][], make: Make, block?: BlockSize): Promise<string[]> {
  const plain = graphOf(shapes, make);
  const graph = lowerForCpu(plain, block);
  const [actual, expected] = [await run(graph), await run(plain)];
  const largest = Math.max(1, ...Array.from(expected, Math.abs));
  expect(actual.length).toBe(expected.length);
  const most = Math.max(...Array.from(expected, (value, i) => Math.abs(value - actual[i])));
  expect(most / largest).toBeLessThan(2e-6);
  return opsOf(graph);
}

const PICTURE = [2, 3, 16, 16];
const CHANNEL = [1, 3, 1, 1];

describe('a product and a sum for each channel', () => {
  const affine: Make = (b, x, a, c) => op.add(b, c, op.mul(b, a, x));

  it('are one convolution with a bias', async () => {
    expect(await lowered([PICTURE, CHANNEL, CHANNEL], affine)).toContain('Conv');
    expect(await lowered([PICTURE, CHANNEL, CHANNEL], affine)).not.toContain('Mul');
  });

  it('with another picture added', async () => {
    const ops = await lowered([PICTURE, CHANNEL, PICTURE], affine);
    expect(ops.filter((name) => name === 'Conv' || name === 'Add' || name === 'Mul')).toEqual(['Conv', 'Add']);
  });

  it('stay as they are in small pictures, for one channel, and where the numbers are not for channels', async () => {
    expect(await lowered([[2, 3, 4, 4], CHANNEL, CHANNEL], affine)).toEqual(['Mul', 'Add']);
    expect(
      await lowered(
        [
          [2, 1, 16, 16],
          [1, 1, 1, 1],
          [1, 1, 1, 1],
        ],
        affine,
      ),
    ).toEqual(['Mul', 'Add']);
    expect(
      await lowered(
        [
          [2, 16, 16, 16],
          [1, 1, 16, 1],
          [1, 1, 1, 16],
        ],
        affine,
      ),
    ).toEqual(['Mul', 'Add']);
    expect(await lowered([PICTURE, CHANNEL, [2, 1, 16, 16]], affine)).toEqual(['Mul', 'Add']);
  });
});

describe('a sum of products', () => {
  const sumOf =
    (kind: string, axes: number[], keepDims = false): Make =>
    (b, x, y) =>
      op.reduce(b, kind, op.mul(b, x, y), axes, keepDims);

  it.each([
    ['ReduceSum', [0, 2, 3], false],
    ['ReduceMean', [0, 2, 3], true],
    ['ReduceSum', [2, 3], false],
    ['ReduceMean', [0, 1, 2, 3], false],
  ] as const)('%s along %j is made of dot products', async (kind, axes, keepDims) => {
    const ops = await lowered([PICTURE, PICTURE], sumOf(kind, [...axes], keepDims));
    expect(ops).toContain('FusedMatMul');
    expect(ops).not.toContain(kind === 'ReduceMean' ? 'ReduceMean' : 'Mul');
  });

  it('stays as it is where it is short, not along the last axis, or of unequal shapes', async () => {
    expect(
      await lowered(
        [
          [2, 3, 4, 4],
          [2, 3, 4, 4],
        ],
        sumOf('ReduceSum', [2, 3]),
      ),
    ).toEqual(['Mul', 'ReduceSum']);
    expect(await lowered([PICTURE, PICTURE], sumOf('ReduceSum', [0, 1]))).toEqual(['Mul', 'ReduceSum']);
    expect(await lowered([PICTURE, CHANNEL], sumOf('ReduceSum', [2, 3]))).toEqual(['Mul', 'ReduceSum']);
  });
});

describe('the step function', () => {
  const step: Make = (b, x) => op.cast(b, op.compare(b, 'Greater', x, b.scalar(0)), 'float32');

  it('is one operator', async () => {
    expect(await lowered([PICTURE], step)).toEqual(['HardSigmoid']);
  });

  it('is exact at zero, for tiny and for infinite numbers', async () => {
    const special = [0, -0, 1.2e-38, -1.2e-38, 3.4e38, -3.4e38, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    const graph = lowerForCpu(graphOf([[special.length]], step));
    const session = await openSession(encodeModel(graph));
    const { y } = await session.run({ x0: { shape: [special.length], data: Float32Array.from(special) } });
    await session.close();
    expect([...y.data]).toEqual([0, 0, 1, 0, 1, 0, 1, 0]);
  });

  it('with another threshold stays as it is', async () => {
    const other: Make = (b, x) => op.cast(b, op.compare(b, 'Greater', x, b.scalar(0.5)), 'float32');
    expect(await lowered([PICTURE], other)).toEqual(['Greater', 'Cast']);
  });
});

describe('the blocked layout', () => {
  const window = { kernel_shape: [3, 3], strides: [1, 1], dilations: [1, 1], pads: [1, 1, 1, 1], group: 1 };
  const convolve = (b: GraphBuilder, x: Value, filter: Value): Value =>
    b.add('Conv', [x, filter], window, [x.shape[0], filter.shape[0], ...x.shape.slice(2)], 'float32');

  it('is kept from one convolution to the next', async () => {
    const block = await blockSize();
    const make: Make = (b, x, f, g, scale, offset) => {
      const y = convolve(b, x, f);
      const normal = op.add(b, op.mul(b, y, scale), offset);
      const active = op.unary(b, 'Relu', normal);
      return op.add(b, convolve(b, active, g), op.mul(b, active, b.scalar(0.5)));
    };
    const shapes = [
      [2, 16, 5, 4],
      [32, 16, 3, 3],
      [32, 32, 3, 3],
      [1, 32, 1, 1],
      [1, 32, 1, 1],
    ];
    const ops = await lowered(shapes, make, block);
    if (block === undefined) return;
    expect(ops.filter((name) => name === 'ReorderInput')).toHaveLength(1);
    expect(ops.filter((name) => name === 'ReorderOutput')).toHaveLength(1);
    expect(ops.filter((name) => name === 'BlockedConv')).toHaveLength(3);
  });

  it('is not used for channels that fill no block', async () => {
    const ops = await lowered(
      [
        [2, 16, 5, 4],
        [12, 16, 3, 3],
      ],
      convolve,
      await blockSize(),
    );
    expect(ops).toEqual(['Conv']);
  });

  it('takes sums and means for each channel as they lie', async () => {
    const block = await blockSize();
    const make: Make = (b, x, f) => {
      const y = convolve(b, x, f);
      const [sum, mean] = ['ReduceSum', 'ReduceMean'].map((kind) => op.reduce(b, kind, y, [0, 2, 3], false));
      return op.mul(b, sum, mean);
    };
    const ops = await lowered(
      [
        [2, 16, 5, 4],
        [32, 16, 3, 3],
      ],
      make,
      block,
    );
    if (block !== undefined) expect(ops).not.toContain('ReorderOutput');
  });

  it('is left alone where ONNX Runtime does not have it', async () => {
    const plain = (model: Uint8Array): boolean => !Buffer.from(model).includes('com.microsoft.nchwc');
    const compute = async (model: Uint8Array, inputs: HostTensors): Promise<HostTensors> => {
      if (!plain(model)) throw new Error('No such operator.');
      const session = await openSession(model);
      const outputs = await session.run(inputs);
      await session.close();
      return outputs;
    };
    expect(await findBlockSize(compute)).toBeUndefined();
  });

  it('is not trusted where it gives other numbers', async () => {
    const compute = async (model: Uint8Array, inputs: HostTensors): Promise<HostTensors> => {
      const session = await openSession(model);
      const { y } = await session.run(inputs);
      await session.close();
      const isBlocked = Buffer.from(model).includes('com.microsoft.nchwc');
      return { y: isBlocked ? { shape: y.shape, data: Float32Array.from(y.data).reverse() } : y };
    };
    expect(await findBlockSize(compute)).toBeUndefined();
  });
});
