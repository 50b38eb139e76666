import { describe, expect, it } from 'vitest';
import { findTensorflow } from '../../../../src/trainer/engine/tensorflow/locate';
import { tensorflowEngine } from '../../../../src/trainer/engine/tensorflow/tensorflowEngine';
import { expectReproducible, expectSameTraining, LOSSES, MODELS, settingsOf } from '../eager/training';

const [NT_XENT] = LOSSES;
const [CONVNET] = MODELS;
const folder = findTensorflow();
if (folder === undefined) {
  console.warn('Skipped: TensorFlow is not installed. "kindred install-engine tensorflow" installs it.');
}

describe.skipIf(folder === undefined)('training on TensorFlow', () => {
  it('tells its version and device', async () => {
    const engine = await tensorflowEngine();
    expect(engine.name).toBe('tensorflow');
    expect(engine.device).toMatch(/^TensorFlow \d+\.\d+\.\d+, (CPU|CUDA, .+)$/);
  });

  it.each(LOSSES)('is the same as on the CPU backend with %o', { timeout: 120_000 }, async (loss) => {
    await expectSameTraining(await tensorflowEngine(), settingsOf(CONVNET, loss));
  });

  it.each(MODELS)('is the same as on the CPU backend with %o', { timeout: 120_000 }, async (model) => {
    await expectSameTraining(await tensorflowEngine(), settingsOf(model, NT_XENT));
  });

  it('gives the same bits each time', { timeout: 120_000 }, async () => {
    await expectReproducible(await tensorflowEngine(), settingsOf(CONVNET, NT_XENT, { imageSize: 32, batchSize: 8 }));
  });
});
