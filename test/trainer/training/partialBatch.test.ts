import { describe, expect, it } from 'vitest';
import type { HostTensor, HostTensors } from '../../../src/trainer/engine/engine';
import { modelOf } from '../../../src/trainer/models/modelOf';
import { Random } from '../../../src/trainer/random';
import { initialState, type StepSettings, trainingStep } from '../../../src/trainer/training/step';
import { runOnce, testEngine } from '../engine/parity';
import { expectSame, lossesOf, MODEL_CASES, parityCase } from '../engine/parityCases';

const FULL = 8;
const FEWER = 5;

const settingsOf = (model: string, loss: string): StepSettings => parityCase(model, loss, 'SGD').settings;

/** The first items of a batch. */
function firstItems(inputs: HostTensors, count: number): HostTensors {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, { shape, data }]) => {
      if (shape.length === 0) return [name, { shape, data }];
      const rows = { shape: [count, ...shape.slice(1)], data: data.slice(0, (data.length / shape[0]) * count) };
      return [name, name.startsWith('noise/loss/') && shape[1] === FULL ? firstColumns(rows, count) : rows];
    }),
  );
}

/** Random numbers for pairs of the batch: there are fewer others too. */
function firstColumns({ shape, data }: HostTensor, count: number): HostTensor {
  return { shape: [shape[0], count], data: data.filter((_, i) => i % shape[1] < count) };
}

const withoutMemory = (state: HostTensors): HostTensors =>
  Object.fromEntries(Object.entries(state).filter(([name]) => !name.startsWith('memory/')));

/** The last items made so large (texts: all of one byte) that any influence of theirs would be seen; their labels are those of others. */
function spoilt(inputs: HostTensors, from: number): HostTensors {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, { shape, data }]) => {
      if (shape.length === 0 || name === 'labels' || name.startsWith('noise/')) return [name, { shape, data }];
      const first = (data.length / shape[0]) * from;
      if (data instanceof Int32Array) return [name, { shape, data: data.map((v, i) => (i < first ? v : 1)) }];
      return [name, { shape, data: Float32Array.from(data as Float32Array, (v, i) => (i < first ? v : 7 * v)) }];
    }),
  );
}

async function step(settings: StepSettings, inputs: HostTensors): Promise<HostTensors> {
  const runner = await (await testEngine()).compile(trainingStep(settings));
  try {
    runner.setState(initialState(settings, new Random(4)));
    return { ...(await runner.run(inputs)), ...(await runner.getState()) };
  } finally {
    await runner.dispose();
  }
}

const counts = (valid: number): HostTensors => ({
  valid: { shape: [FULL], data: Float32Array.from({ length: FULL }, (_, i) => (i < valid ? 1 : 0)) },
});

describe.each(Object.keys(MODEL_CASES))('a batch of the model %s that is not full', (model) => {
  it.each(lossesOf(model))('makes the step of the smaller batch with the loss %s', async (loss) => {
    const settings = settingsOf(model, loss);
    const { inputs } = parityCase(model, loss, 'SGD');
    const expected = await step({ ...settings, batchSize: FEWER }, firstItems(inputs, FEWER));
    const padded = { ...spoilt(inputs, FEWER), ...counts(FEWER) };
    const found = await step({ ...settings, partial: true }, padded);
    // A memory takes the rows that do not count too, and marks them.
    expectSame(withoutMemory(found), withoutMemory(expected));
  });

  it('changes nothing but by the decay when none of it counts', async () => {
    const settings: StepSettings = { ...settingsOf(model, 'NT-Xent'), partial: true, weightDecay: 0 };
    const { inputs } = parityCase(model, 'NT-Xent', 'SGD');
    const after = await step(settings, { ...inputs, ...counts(0) });
    const before = initialState(settings, new Random(4));
    expect(after['loss'].data[0]).toBe(0);
    for (const name of Object.keys(modelOf(settings).parameters)) {
      expect(after[`parameter/${name}`].data, name).toEqual(before[`parameter/${name}`].data);
    }
  });
});

describe('a full batch that might not have been', () => {
  it('makes the step that it would make without the mask', async () => {
    const settings = settingsOf('convnet', 'triplet, all');
    const { inputs } = parityCase('convnet', 'triplet, all', 'SGD');
    const expected = await step(settings, inputs);
    expectSame(await step({ ...settings, partial: true }, { ...inputs, ...counts(FULL) }), expected);
  });

  it('asks for the mask', async () => {
    const settings: StepSettings = { ...settingsOf('mlp', 'NT-Xent'), partial: true };
    const { inputs } = parityCase('mlp', 'NT-Xent', 'SGD');
    const state = initialState(settings, new Random(1));
    await expect(runOnce(await testEngine(), trainingStep(settings), inputs, state)).rejects.toThrow(/lack "valid"/);
  });
});
