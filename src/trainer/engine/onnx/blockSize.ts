import type { HostTensors } from '../engine';
import { GraphBuilder } from '../graph/builder';
import type { Graph } from '../graph/graph';
import { sizeOf } from '../graph/shapes';
import type { BlockSize } from '../passes/cpu/blocked/layout';
import { lowerForCpu } from '../passes/cpu/lower';
import { encodeModel } from './encode';
import { openSession } from './session';

/** Runs a model once. */
export type Compute = (model: Uint8Array, inputs: HostTensors) => Promise<HostTensors>;

/** The widest first: of a processor that has several, ONNX Runtime uses the widest registers. */
const CANDIDATES: readonly BlockSize[] = [16, 8, 4];
/** Whole blocks of every size. */
const CHANNELS = 32;
const TOLERANCE = 1e-4;

let known: Promise<BlockSize | undefined> | undefined;

/** The block size of ONNX Runtime in this process, looked for once; undefined where it has no blocked layout. */
export function blockSize(): Promise<BlockSize | undefined> {
  known ??= findBlockSize(async (model, inputs) => {
    const session = await openSession(model, { threads: 1 });
    try {
      return await session.run(inputs);
    } finally {
      await session.close();
    }
  });
  return known;
}

/**
 * ONNX Runtime does not tell the size of a block: it is the one with which a small convolution in the blocked layout gives what a plain
 * one gives.
 */
export async function findBlockSize(compute: Compute): Promise<BlockSize | undefined> {
  const graph = convolution();
  const inputs = Object.fromEntries(
    ['x', 'filter'].map((name, i) => {
      const { shape } = graph.inputs[i];
      return [name, { shape, data: Float32Array.from({ length: sizeOf(shape) }, (_, k) => Math.sin(k * (i + 1.3))) }];
    }),
  );
  const valuesOf = async (model: Graph): Promise<ArrayLike<number>> =>
    (await compute(encodeModel(model), inputs))['y'].data;
  const expected = await valuesOf(graph);
  for (const block of CANDIDATES) {
    // An ONNX Runtime without the layout refuses the model.
    const found = await valuesOf(lowerForCpu(graph, block)).catch(() => undefined);
    if (found && agree(found, expected)) return block;
  }
  return undefined;
}

function convolution(): Graph {
  const b = new GraphBuilder('block size');
  const x = b.input('x', [2, CHANNELS, 3, 3], 'float32');
  const filter = b.input('filter', [CHANNELS, CHANNELS, 3, 3], 'float32');
  const attributes = { kernel_shape: [3, 3], strides: [1, 1], dilations: [1, 1], pads: [1, 1, 1, 1], group: 1 };
  b.output('y', b.add('Conv', [x, filter], attributes, [2, CHANNELS, 3, 3], 'float32'));
  return b.build();
}

function agree(found: ArrayLike<number>, expected: ArrayLike<number>): boolean {
  const largest = Math.max(...Array.from(expected, Math.abs));
  return Array.from(expected).every((value, i) => Math.abs(value - found[i]) <= TOLERANCE * largest);
}
