import { describe, expect, it } from 'vitest';
import { cpuEngine } from '../../../src/trainer/engine/cpuEngine';
import type { HostTensors } from '../../../src/trainer/engine/engine';
import { onnxEngine } from '../../../src/trainer/engine/onnxEngine';
import { Random } from '../../../src/trainer/random';
import { initialState, stepInputs, stepSettings, trainingStep } from '../../../src/trainer/training/step';
import type { LossSettings } from '../../../src/trainer/types/training';
import { quickSettings } from './shapes';

const BATCH = 6;
const SIZE = 16;
const TRAINING = quickSettings('step', { embeddingSize: 8, imageSize: SIZE, learningRate: 1e-3, weightDecay: 0.01 });
const LOSSES: LossSettings[] = [
  { kind: 'nt-xent', temperature: 0.2 },
  { kind: 'contrastive', positiveMargin: 0, negativeMargin: 1 },
  { kind: 'triplet', margin: 0.2, miner: 'all' },
  { kind: 'triplet', margin: 0.2, miner: 'batch-hard' },
];

const SIZES = { batchSize: BATCH, classes: 3 };

function inputs(step: number): HostTensors {
  const random = new Random(step % 2);
  return {
    images: {
      shape: [BATCH, SIZE, SIZE, 3],
      data: Float32Array.from({ length: BATCH * SIZE * SIZE * 3 }, () => random.next()),
    },
    labels: { shape: [BATCH], data: Int32Array.of(0, 0, 1, 1, 2, 2) },
    ...stepInputs(TRAINING, SIZES, step, 40),
  };
}

describe.each(LOSSES)('the training step with %o', (settings) => {
  const step = stepSettings({ ...TRAINING, loss: settings }, SIZES);
  const program = trainingStep(step);

  it('is the same on ONNX Runtime as op by op, and learns', { timeout: 240_000 }, async () => {
    const runners = [await (await onnxEngine()).compile(program), await cpuEngine().compile(program)];
    for (const runner of runners) runner.setState(initialState(step, new Random(7)));
    const [first, expected] = await Promise.all(runners.map((runner) => runner.run(inputs(0))));
    expect(first['loss'].data[0]).toBeCloseTo(expected['loss'].data[0], 4);
    expect(first['activeShare'].data[0]).toBeCloseTo(expected['activeShare'].data[0], 5);
    const [found, oracle] = await Promise.all(runners.map((runner) => runner.getState()));
    for (const [name, tensor] of Object.entries(oracle)) {
      const data = tensor.data as Float32Array;
      const largest = data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      const worst = data.reduce((most, value, i) => Math.max(most, Math.abs(value - found[name].data[i])), 0);
      // Adam divides by the size of the gradient: where that is rounding noise, so is the direction of the first step.
      if (!name.startsWith('parameter/')) expect(worst, name).toBeLessThan(2e-3 * largest + 1e-9);
    }
    let last = first;
    for (let step = 1; step < 8; step++) last = await runners[0].run(inputs(step));
    expect(last['loss'].data[0]).toBeLessThan(first['loss'].data[0]);
    for (const runner of runners) await runner.dispose();
  });
});
