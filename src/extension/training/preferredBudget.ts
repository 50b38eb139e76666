import type { DatasetRef, TrainingSettings, TrainingSuggestion } from '../../trainer/protocol';
import { minutes } from '../ui/counts';
import type { Translate } from '../ui/l10n';
import { saysBudget } from './configuration';

/**
 * The suggestion with the person's own default duration, which holds where the dataset's kindred.json says nothing. A layer that is
 * computed in one piece takes no time that could be chosen.
 * @param own minutes; 0 leaves it to the suggestion
 */
export async function withPreferredBudget(
  dataset: DatasetRef,
  suggestion: TrainingSuggestion,
  own: number,
  t: Translate,
): Promise<TrainingSuggestion> {
  if (own <= 0 || isComputed(suggestion.settings) || (await saysBudget(dataset))) return suggestion;
  const reason = t('Your setting kindred.training.minutes says {0}.', minutes(own, t));
  return {
    settings: { ...suggestion.settings, budget: { minutes: own } },
    reasons: [reason, ...suggestion.reasons],
  };
}

function isComputed({ features, model }: TrainingSettings): boolean {
  return features !== undefined && model?.kind === 'linear' && model.method !== 'gradient';
}
