import type { Dataset } from '../dataset/dataset';
import { readRecord } from '../training/runStore';
import type { ModelId } from '../types/embedding';

/** What a model has to beat, the simplest first: what needs no training, and what it was trained on. */
export async function baselinesOf(dataset: Dataset, model: ModelId): Promise<ModelId[]> {
  const all: ModelId[] = dataset.summary.modality === 'text' ? ['descriptor'] : ['pixels', 'descriptor'];
  const features = model.startsWith('run:') ? await featuresOf(dataset, model.slice('run:'.length)) : undefined;
  if (features !== undefined && !all.includes(features)) all.push(features);
  return all.filter((each) => each !== model);
}

async function featuresOf(dataset: Dataset, run: string): Promise<ModelId | undefined> {
  const { settings } = await readRecord(dataset.paths, run);
  return settings.features;
}
