/** The same training on two engines. */
import { expect } from 'vitest';
import { cpuEngine } from '../../../../src/trainer/engine/cpuEngine';
import type { Engine, HostTensor, HostTensors, Program } from '../../../../src/trainer/engine/engine';
import { sizeOf } from '../../../../src/trainer/engine/graph/shapes';
import { Random } from '../../../../src/trainer/random';
import { initialState, type StepSettings, trainingStep } from '../../../../src/trainer/training/step';
import type { LossSettings, ModelSettings } from '../../../../src/trainer/types/training';

export const LOSSES: LossSettings[] = [
  { kind: 'nt-xent', temperature: 0.2 },
  { kind: 'contrastive', positiveMargin: 0, negativeMargin: 1 },
  ...(['all', 'semi-hard', 'hard', 'batch-hard'] as const).map((miner): LossSettings => ({
    kind: 'triplet',
    margin: 0.2,
    miner,
  })),
];

export const MODELS: ModelSettings[] = [
  { kind: 'convnet' },
  { kind: 'separable' },
  { kind: 'vit', patch: 4, width: 16, depth: 1, heads: 2, dropout: 0.1 },
  { kind: 'mlp', width: 24, depth: 2, dropout: 0.1 },
];

export function settingsOf(model: ModelSettings, loss: LossSettings, size: Partial<StepSettings> = {}): StepSettings {
  return {
    model,
    loss,
    embeddingSize: 8,
    imageSize: 16,
    batchSize: 6,
    weightDecay: 0.01,
    clipNorm: 1,
    // Its update is proportional to the gradient, so that rounding stays as small as it is; Adam's is not.
    optimiser: { kind: 'sgd', momentum: 0.9, nesterov: true },
    ...size,
  };
}

/** What a step takes, drawn from the number of the step. */
export function inputsOf(program: Program, step: number): HostTensors {
  const random = new Random(step);
  return Object.fromEntries(
    Object.entries(program.inputs).map(([name, { shape, dtype }]): [string, HostTensor] => {
      const size = sizeOf(shape);
      if (dtype === 'int32') return [name, { shape, data: Int32Array.from({ length: size }, (_, i) => i >> 1) }];
      const draw = shape.length === 0 ? 0.01 : name.startsWith('noise/') ? 1 : undefined;
      return [name, { shape, data: Float32Array.from({ length: size }, () => draw ?? random.next()) }];
    }),
  );
}

/** State and losses after some steps. */
export interface Trained {
  readonly state: HostTensors;
  readonly losses: number[];
}

export async function train(engine: Engine, settings: StepSettings, steps: number): Promise<Trained> {
  const program = trainingStep(settings);
  const runner = await engine.compile(program);
  try {
    runner.setState(initialState(settings, new Random(7)));
    const losses: number[] = [];
    for (let step = 0; step < steps; step++) {
      const { loss } = await runner.run(inputsOf(program, step));
      losses.push(loss.data[0]);
    }
    return { state: await runner.getState(), losses };
  } finally {
    await runner.dispose();
  }
}

/** Three steps are the same as on the CPU backend within 1e-4: each loss, and all of the state. */
export async function expectSameTraining(engine: Engine, settings: StepSettings): Promise<void> {
  const [found, oracle] = await Promise.all([train(engine, settings, 3), train(cpuEngine(), settings, 3)]);
  oracle.losses.forEach((loss, i) => {
    expect(Math.abs(found.losses[i] - loss), `loss ${i}`).toBeLessThan(1e-4 * Math.max(1e-3, Math.abs(loss)));
  });
  expect(Object.keys(found.state).sort()).toEqual(Object.keys(oracle.state).sort());
  for (const [name, tensor] of Object.entries(oracle.state)) {
    const data = tensor.data as Float32Array;
    const largest = data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const worst = data.reduce((most, value, i) => Math.max(most, Math.abs(value - found.state[name].data[i])), 0);
    expect(worst, name).toBeLessThanOrEqual(1e-4 * largest + 1e-7);
  }
}

/** The same bits twice. */
export async function expectReproducible(engine: Engine, settings: StepSettings): Promise<void> {
  const [first, second] = [await train(engine, settings, 3), await train(engine, settings, 3)];
  expect(second.losses).toEqual(first.losses);
  for (const [name, { data }] of Object.entries(first.state)) {
    expect(Buffer.from(second.state[name].data.buffer).equals(Buffer.from(data.buffer)), name).toBe(true);
  }
}
