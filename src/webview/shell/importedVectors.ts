import type { EmbeddingSummary } from '../../trainer/protocol';
import type { Choice } from './components';

/** The imported vectors among the embeddings, as choices of a model. */
export function importedVectors(embeddings: readonly EmbeddingSummary[]): Choice[] {
  return embeddings
    .filter(({ model }) => model.startsWith('vectors:'))
    .map(({ model }) => ({ value: model, label: model.replace(/^vectors:/, 'Vectors ') }));
}
