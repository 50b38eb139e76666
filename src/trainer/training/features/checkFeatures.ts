import { KindredError } from '../../../rpc/errors';
import type { Dataset } from '../../dataset/dataset';
import { openEmbedder } from '../../embedding/embedder';
import type { TrainingSettings } from '../../types/training';

/**
 * What settings may be only with or without features, and whether these can be had.
 * @throws KindredError `invalid-argument`, and what `openEmbedder` throws
 */
export async function checkFeatures(dataset: Pick<Dataset, 'paths'>, settings: TrainingSettings): Promise<void> {
  checkModel(settings);
  if (settings.features !== undefined) (await openEmbedder(dataset, settings.features)).dispose();
}

function checkModel({ features, model }: TrainingSettings): void {
  if (features !== undefined && model !== undefined && model.kind !== 'linear' && model.kind !== 'mlp') {
    throw new KindredError('invalid-argument', `The model "${model.kind}" takes images, and features are set.`, {
      remedy: 'Choose the model "linear" or "mlp", or leave out the features.',
    });
  }
  if (features === undefined && model?.kind === 'linear' && model.method !== 'gradient') {
    throw new KindredError(
      'invalid-argument',
      `The linear method "${model.method}" needs the features of an embedding.`,
      {
        remedy: 'Set features to "descriptor", "pixels", a run or imported vectors, or choose the method "gradient".',
      },
    );
  }
}
