import { describe, expect, it, vi } from 'vitest';
import type { HostTensor, HostTensors } from '../../../src/trainer/engine/engine';
import { Random } from '../../../src/trainer/random';
import { runOnce, testEngine } from './parity';
import { describeParity, gradientProgram, MODEL_CASES, parityCase } from './parityCases';

vi.setConfig({ testTimeout: 120_000 });

describeParity('onnx', testEngine);

/** Far enough for a float32 loss to change in its digits, near enough that few ReLUs change sides. */
const STEP = 2e-3;

describe.each(Object.keys(MODEL_CASES))('the gradient of %s', (model) => {
  it('is the slope of the loss', async () => {
    const { settings, state, inputs } = parityCase(model, 'NT-Xent', 'SGD');
    const program = gradientProgram(settings);
    const { loss, ...gradients } = await runOnce(await testEngine(), program, { ...inputs, ...state });
    expect(loss.data[0]).toBeGreaterThan(0);
    const norm = Math.sqrt(Object.values(gradients).reduce((sum, { data }) => sum + dot(data, data), 0));
    // Along the gradient, more in some tensors than in others, so that an error in one of them cannot hide in its direction.
    const random = new Random(11);
    const shares = Object.fromEntries(Object.keys(gradients).map((name) => [name, (0.5 + random.next()) / norm]));
    const along = (distance: number): HostTensors => ({
      ...inputs,
      ...state,
      ...Object.fromEntries(
        Object.entries(gradients).map(([name, { shape, data }]) => {
          const before = state[`parameter/${name}`].data;
          const after = Float32Array.from(before, (value, i) => value + distance * shares[name] * data[i]);
          return [`parameter/${name}`, { shape, data: after }];
        }),
      ),
    });
    const slope = Object.entries(gradients).reduce((sum, [name, { data }]) => sum + shares[name] * dot(data, data), 0);
    const runner = await (await testEngine()).compile(program);
    const lossAt = async (distance: number): Promise<number> => (await runner.run(along(distance)))['loss'].data[0];
    // Fourth order: the error of a step h falls with h^4.
    const near = (await lossAt(STEP / 2)) - (await lossAt(-STEP / 2));
    const far = (await lossAt(STEP)) - (await lossAt(-STEP));
    const numeric = (8 * near - far) / (6 * STEP);
    await runner.dispose();
    expect(Math.abs(slope)).toBeGreaterThan(0.1);
    expect(Math.abs(numeric - slope) / Math.abs(slope)).toBeLessThan(0.02);
  });
});

function dot(a: HostTensor['data'], b: HostTensor['data']): number {
  let sum = 0;
  a.forEach((value, i) => (sum += value * b[i]));
  return sum;
}
