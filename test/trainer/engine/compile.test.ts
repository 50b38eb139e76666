import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { compileProgram } from '../../../src/trainer/engine/compile';
import type { Program } from '../../../src/trainer/engine/engine';

function doubling(rows: number, recipe?: Program['recipe']): { program: Program; recorded: () => number } {
  let recorded = 0;
  const program: Program = {
    name: 'doubling',
    ...(recipe ? { recipe } : {}),
    state: {},
    inputs: { x: { shape: [rows, 2], dtype: 'float32' } },
    run: (_, { x }) => {
      recorded++;
      return { state: {}, outputs: { y: tf.mul(x, 2) } };
    },
  };
  return { program, recorded: () => recorded };
}

describe('a compiled program', () => {
  it('is recorded once for its recipe, and once again for other shapes or another device', () => {
    const recipe = { kind: 'doubling of the test', settings: { rows: 3 } };
    const first = doubling(3, recipe);
    const second = doubling(3, recipe);
    const model = compileProgram(first.program, { device: 'cpu' });
    expect(compileProgram(second.program, { device: 'cpu' })).toBe(model);
    expect([first.recorded(), second.recorded()]).toEqual([1, 0]);
    expect(compileProgram(second.program, { device: 'webgpu' })).not.toBe(model);
    expect(compileProgram(doubling(4, recipe).program, { device: 'cpu' })).not.toEqual(model);
  });

  it('without a recipe is recorded each time', () => {
    const { program, recorded } = doubling(3);
    expect(compileProgram(program, { device: 'cpu' })).toEqual(compileProgram(program, { device: 'cpu' }));
    expect(recorded()).toBe(2);
  });

  it('is forgotten when many others have come after it', () => {
    const recipe = (kind: string): Program['recipe'] => ({ kind, settings: {} });
    const { program, recorded } = doubling(3, recipe('the first of many'));
    compileProgram(program, { device: 'cpu' });
    for (let i = 0; i < 8; i++) compileProgram(doubling(3, recipe(`other ${i}`)).program, { device: 'cpu' });
    compileProgram(program, { device: 'cpu' });
    expect(recorded()).toBe(2);
  });
});
