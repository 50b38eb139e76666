import path from 'node:path';
import type { Dataset } from '../../../src/trainer/dataset/dataset';
import { exportModel } from '../../../src/trainer/engine/inference';
import type { NetworkSettings } from '../../../src/trainer/models/modelOf';
import { Random } from '../../../src/trainer/random';
import { writeFileAtomic } from '../../../src/trainer/store/atomic';
import { runPaths, writeRecord } from '../../../src/trainer/training/runStore';
import { checkSettings } from '../../../src/trainer/training/settings';
import { inferenceProgram, initialWeights } from '../../../src/trainer/training/step';
import { suggestTraining } from '../../../src/trainer/training/suggest';

/** A run as a training leaves it, with the first weights that a seed gives: a real model.onnx and a real run.json. */
export async function untrainedRun(
  dataset: Dataset,
  name: string,
  options: { seed?: number; heldOut?: readonly number[]; embeddingSize?: number } = {},
): Promise<string> {
  const { seed = 1, heldOut = [], embeddingSize = 16 } = options;
  const network: NetworkSettings = { model: { kind: 'convnet' }, embeddingSize, imageSize: 32 };
  const state = initialWeights(network, new Random(seed));
  const file = runPaths(dataset.paths, name).model;
  await writeFileAtomic(file, exportModel(inferenceProgram({ ...network, batchSize: 4 }), state, { imageSize: '32' }));
  const { settings } = await suggestTraining(dataset, { network: true });
  await writeRecord(dataset.paths, {
    name,
    state: 'finished',
    settings: checkSettings({ ...settings, name, embeddingSize, imageSize: 32 }),
    created: new Date(0).toISOString(),
    step: 1,
    steps: 1,
    best: undefined,
    baselineRecallAt1: undefined,
    heldOut: { by: 'class', classes: heldOut.length / 2, items: heldOut.length },
    device: 'none',
    problems: [],
    fingerprint: dataset.summary.fingerprint,
    heldOutHashes: heldOut.map((item) => dataset.items.hashes[item]).sort(),
  });
  return path.normalize(file);
}
