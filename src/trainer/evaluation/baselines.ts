import type { Dataset } from '../dataset/dataset';
import type { ModelId } from '../types/embedding';

/** What a model has to beat, the simplest first: what needs no training, and what it was trained on. */
export async function baselinesOf(_dataset: Dataset, model: ModelId): Promise<ModelId[]> {
  const all: ModelId[] = ['pixels', 'descriptor'];
  return Promise.resolve(all.filter((each) => each !== model));
}
