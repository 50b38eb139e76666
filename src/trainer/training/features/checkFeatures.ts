import type { Dataset } from '../../dataset/dataset';
import { openEmbedder } from '../../embedding/embedder';
import type { TrainingSettings } from '../../types/training';

/**
 * Whether the features can be had, before anything of a run is written.
 * @throws KindredError what `openEmbedder` throws
 */
export async function checkFeatures(dataset: Dataset, { features }: Pick<TrainingSettings, 'features'>): Promise<void> {
  if (features !== undefined) (await openEmbedder(dataset, features)).dispose();
}
