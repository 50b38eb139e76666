/** A small training on an engine. */
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
    classes: 6,
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
