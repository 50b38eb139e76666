/** The same training on two engines. */
import { expect } from 'vitest';
import { cpuEngine } from '../../../../src/trainer/engine/cpuEngine';
import type { Engine } from '../../../../src/trainer/engine/engine';
import type { StepSettings } from '../../../../src/trainer/training/step';
import { train } from './trainOn';

export { inputsOf, LOSSES, MODELS, settingsOf } from './trainOn';

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
