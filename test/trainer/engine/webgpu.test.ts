/**
 * ONNX Runtime's WebGPU provider trains as the CPU backend does: on SwiftShader, the Vulkan device in software that Chromium
 * brings with it, so with small shapes. Half of the time goes into compiling shaders.
 */
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { cpuEngine } from '../../../src/trainer/engine/cpuEngine';
import type { Engine, HostTensors } from '../../../src/trainer/engine/engine';
import { openSession } from '../../../src/trainer/engine/onnx/session';
import { encodeModel } from '../../../src/trainer/engine/onnx/encode';
import { GraphBuilder } from '../../../src/trainer/engine/graph/builder';
import { onnxEngine } from '../../../src/trainer/engine/onnxEngine';
import { deviceFault } from '../../../src/trainer/engine/devices/fault';
import { trainingStep } from '../../../src/trainer/training/step';
import { expectSame, FEW_LOSSES, parityCase } from './parityCases';
import { useSoftwareGpu } from './softwareGpu';

vi.setConfig({ testTimeout: 180_000 });

const hasGpu = useSoftwareGpu();
if (!hasGpu) console.warn('Skipped: there is no SwiftShader, the graphics card in software that comes with Chromium.');

const webgpu = (): Promise<Engine> => onnxEngine({ device: 'webgpu' });

/** What some steps give; all but the first take the state that the one before left on the device. */
async function stepsOn(engine: Engine, loss: string, steps: number, model = 'convnet'): Promise<HostTensors> {
  const { settings, state, inputs } = parityCase(model, loss, 'AdamW');
  const runner = await engine.compile(trainingStep(settings));
  try {
    runner.setState(state);
    let outputs: HostTensors = {};
    for (let step = 0; step < steps; step++) outputs = await runner.run(inputs);
    return { ...(await runner.getState()), ...outputs };
  } finally {
    await runner.dispose();
  }
}

/** A loss of each form; each takes ten seconds on a graphics card in software. */
const LOSSES = [...FEW_LOSSES, 'triplet, batch-hard', 'contrastive with a memory', 'ArcFace of a small scale'];
const CASES = LOSSES.map((loss) => ({ loss, steps: loss === 'NT-Xent' || loss.endsWith('memory') ? 2 : 1 }));

/** As long as a session is open, ONNX Runtime keeps the shaders that it has compiled. */
async function keptOpen(): Promise<() => Promise<void>> {
  const tiny = new GraphBuilder('tiny');
  tiny.output('y', tiny.input('x', [1], 'float32'));
  const session = await openSession(encodeModel(tiny.build()), { device: 'webgpu' });
  return () => session.close();
}

describe.runIf(hasGpu)('training on WebGPU', () => {
  beforeAll(keptOpen);

  it.each(CASES)('gives the loss and the new state of the CPU backend with $loss', async ({ loss, steps }) => {
    const expected = await stepsOn(cpuEngine(), loss, steps);
    expect(expected['loss'].data[0]).toBeGreaterThan(0);
    expectSame(await stepsOn(await webgpu(), loss, steps), expected);
  });

  it.each(['separable', 'vit', 'mlp'])(
    'gives the loss and the new state of the CPU backend with the model %s',
    async (model) => {
      const expected = await stepsOn(cpuEngine(), 'NT-Xent', 1, model);
      expectSame(await stepsOn(await webgpu(), 'NT-Xent', 1, model), expected);
    },
  );

  it('says that its memory ran out, and computes on', async () => {
    // Four tensors of 1.2 GB each: more than the device's largest buffer.
    const huge = new GraphBuilder('huge');
    const x = huge.input('x', [1, 1 << 20], 'float32');
    const tiled = huge.add('Tile', [x], { repeats: [300, 1] }, [300, 1 << 20], 'float32');
    const doubled = huge.add('Mul', [tiled, tiled], {}, [300, 1 << 20], 'float32');
    huge.output('y', huge.add('ReduceSum', [doubled], { axes: [0, 1], keepdims: 1 }, [1, 1], 'float32'));
    const session = await openSession(encodeModel(huge.build()), { device: 'webgpu' });
    const failure: unknown = await session.run({ x: { shape: [1, 1 << 20], data: new Float32Array(1 << 20) } }).then(
      () => undefined,
      (error: unknown) => error,
    );
    await session.close();
    expect(deviceFault(failure, await webgpu())?.message).toMatch(/ran out of memory/);
    const small = new GraphBuilder('small');
    const y = small.input('y', [3], 'float32');
    small.output('z', small.add('Add', [y, y], {}, [3], 'float32'));
    const after = await openSession(encodeModel(small.build()), { device: 'webgpu' });
    const { z } = await after.run({ y: { shape: [3], data: Float32Array.of(1, 2, 3) } });
    await after.close();
    expect([...z.data]).toEqual([2, 4, 6]);
  });
});
