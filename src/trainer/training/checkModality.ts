import { KindredError } from '../../rpc/errors';
import type { DatasetSummary } from '../types/dataset';
import { TEXT_MODELS, type TrainingSettings } from '../types/training';

/**
 * Whether the network takes what the dataset has; a head on features takes either.
 * @throws KindredError `invalid-argument`
 */
export function checkModality(
  { modality }: Pick<DatasetSummary, 'modality'>,
  { features, model }: Pick<TrainingSettings, 'features' | 'model'>,
): void {
  const { kind } = model ?? { kind: 'convnet' as const };
  const takesTexts = (TEXT_MODELS as readonly string[]).includes(kind);
  if (features !== undefined || takesTexts === (modality === 'text')) return;
  throw new KindredError('invalid-argument', `The model "${kind}" does not take ${modality}s.`, {
    remedy: takesTexts
      ? 'Choose the model "convnet", "separable", "vit" or "mlp".'
      : 'Choose the model "ngram-bag" or "text-convnet", or train a head on features.',
  });
}
