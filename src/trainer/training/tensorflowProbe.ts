/** Entry of the process in which an installed TensorFlow shows whether it works: one training step, compared with the CPU backend's. */
import { toErrorData } from '../../rpc/errors';
import { Random } from '../random';
import { initialState, type StepSettings, trainingStep } from './step';
import { startBackend } from '../engine/eager/eagerBackend';
import { EagerRunner } from '../engine/eager/eagerRunner';
import type { HostTensor, HostTensors } from '../engine/engine';
import { sizeOf } from '../engine/graph/shapes';
import { findTensorflow } from '../engine/tensorflow/locate';

export type ProbeOutcome = { readonly device: string } | { readonly problem: string };

const SETTINGS: StepSettings = {
  model: { kind: 'convnet' },
  loss: { kind: 'nt-xent', temperature: 0.1 },
  optimiser: { kind: 'sgd', momentum: 0.9, nesterov: false },
  clipNorm: 0,
  weightDecay: 0,
  embeddingSize: 16,
  imageSize: 16,
  batchSize: 8,
  classes: 4,
};

/** The largest difference of the losses, relative; a card may compute in fewer bits. */
const TOLERANCE = 1e-2;

async function probe(): Promise<ProbeOutcome> {
  const folder = findTensorflow();
  const { device } = await startBackend({ name: 'tensorflow', ...(folder === undefined ? {} : { folder }) });
  await startBackend({ name: 'cpu' });
  const [found, expected] = [await losses('tensorflow'), await losses('cpu')];
  const isRight = found.every((loss, i) => Math.abs(loss - expected[i]) <= TOLERANCE * Math.abs(expected[i]));
  return isRight ? { device } : { problem: `it computes ${found.join(', ')} instead of ${expected.join(', ')}` };
}

/** Of two steps, so that the second shows the gradients of the first. */
async function losses(name: 'tensorflow' | 'cpu'): Promise<number[]> {
  const program = trainingStep(SETTINGS);
  const runner = new EagerRunner(program, name);
  runner.setState(initialState(SETTINGS, new Random(1)));
  const inputs = Object.fromEntries(
    Object.entries(program.inputs).map(([input, { shape, dtype }]): [string, HostTensor] => {
      const random = new Random(2);
      const size = sizeOf(shape);
      if (dtype === 'int32') return [input, { shape, data: Int32Array.from({ length: size }, (_, i) => i >> 1) }];
      return [
        input,
        { shape, data: Float32Array.from({ length: size }, () => (shape.length > 0 ? random.next() : 0.05)) },
      ];
    }),
  ) satisfies HostTensors;
  const values = [await runner.run(inputs), await runner.run(inputs)].map(({ loss }) => loss.data[0]);
  await runner.dispose();
  return values;
}

void probe()
  .catch((error: unknown): ProbeOutcome => ({ problem: toErrorData(error).message }))
  .then((outcome) => process.send?.(outcome, undefined, {}, () => process.exit(0)));
