import { DEFAULT_LOSSES } from '../choices';
import type { DatasetShape } from '../suggest';
import type { ModelId } from '../../types/embedding';
import type { TrainingSettings, TrainingSuggestion } from '../../types/training';

/** With fewer items, or fewer of a class, a closed form is better than steps: it cannot learn the items by heart. */
const FEW_ITEMS = 500;
const FEW_PER_CLASS = 10;
/** How often all items are seen; early stopping ends most trainings sooner. */
const EPOCHS = 20;

/** Settings of a head on the features of an embedding, with the reasons. */
export function suggestForFeatures(shape: DatasetShape, features: ModelId, base: TrainingSettings): TrainingSuggestion {
  const isSmall = shape.items < FEW_ITEMS || shape.perClass < FEW_PER_CLASS;
  const perClass = shape.perClass >= 8 ? 4 : 2;
  const classes = Math.max(2, Math.min(256 / perClass, shape.labels));
  const steps = Math.min(1500, Math.max(200, Math.round((EPOCHS * shape.items) / (classes * perClass))));
  const settings: TrainingSettings = {
    ...base,
    features,
    model: { kind: 'linear', method: isSmall ? 'lda' : 'gradient' },
    loss: DEFAULT_LOSSES['normalised-softmax'],
    embeddingSize: 128,
    batch: { classes, perClass },
    learningRate: 1e-3,
    budget: { steps },
    earlyStop: 3,
  };
  const reasons = [
    `A head on ${features}: the embedding stays as it is, and a linear layer on it is found in seconds.`,
    isSmall
      ? `Linear discriminant analysis with shrinkage, because there are few items (${shape.items}, half of the labels have ${shape.perClass} or fewer).`
      : `A linear layer from the principal axes, trained with normalised softmax: a centre is learned for each of ${shape.labels} labels.`,
    ...(isSmall ? [] : [`At most ${steps} steps; it ends when three measures in a row bring nothing better.`]),
  ];
  return { settings, reasons };
}
