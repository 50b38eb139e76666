import { describe, expect, it } from 'vitest';
import type { Program } from '../../../src/trainer/engine/engine';
import { encodeModel } from '../../../src/trainer/engine/onnx/encode';
import { optimise } from '../../../src/trainer/engine/passes/optimise';
import { trace } from '../../../src/trainer/engine/tracer/trace';
import { DEFAULT_OPTIMISER } from '../../../src/trainer/training/optimiser';
import { programOf } from '../../../src/trainer/training/programs';
import { inferenceProgram, type StepSettings, trainingStep } from '../../../src/trainer/training/step';

const settings: StepSettings = {
  model: { kind: 'convnet' },
  optimiser: DEFAULT_OPTIMISER,
  clipNorm: 0,
  loss: { kind: 'nt-xent', temperature: 0.1 },
  embeddingSize: 8,
  imageSize: 16,
  batchSize: 4,
  classes: 2,
  weightDecay: 0.01,
};

const graphOf = (program: Program): Buffer => Buffer.from(encodeModel(optimise(trace(program))));

describe('programOf', () => {
  it.each([trainingStep(settings), inferenceProgram(settings)])('makes $name again from its recipe', (program) => {
    const again = programOf(structuredClone(program.recipe!));
    expect(again.state).toEqual(program.state);
    expect(again.inputs).toEqual(program.inputs);
    expect(graphOf(again).equals(graphOf(program))).toBe(true);
  });

  it('refuses a kind that it does not know', () => {
    expect(() => programOf({ kind: 'toString', settings: {} })).toThrow(/no program of the kind "toString"/);
  });
});
