/** What supervisions, losses and models can only be together. */
import type { Conflict } from '../losses/conflicts';
import type { LossSettings, TrainingSettings } from '../types/training';
import { needsLabels } from './trainingSet';

/** Losses that look at nothing but which pairs are the same and which are different. */
const OF_GIVEN_PAIRS = [
  'contrastive',
  'triplet',
  'margin',
  'multi-similarity',
  'circle',
  'nt-xent',
  'sup-con',
] as const;

type Wish = Pick<TrainingSettings, 'features' | 'loss' | 'model' | 'sampling' | 'superClass' | 'supervision'>;

/** Conflicts of what says which items are the same with the loss, the features and the model. */
export function supervisionConflicts({ features, loss, model, sampling, superClass, supervision }: Wish): Conflict[] {
  const found: Conflict[] = [];
  const refuse = (key: string, value: unknown, allowed: string): unknown => found.push({ key, value, allowed });
  if (sampling === 'super-class' && superClass === undefined) {
    refuse('superClass', superClass, 'the name of a column of the dataset, for the sampling "super-class"');
  }
  if (sampling === 'super-class' && supervision === 'pairs') {
    refuse('sampling', sampling, 'another one on given pairs, which have no classes');
  }
  if (supervision === 'none') {
    if (needsLabels(loss)) refuse('loss.kind', loss.kind, '"nt-xent", "sup-con" or "vicreg" without labels');
    if (features !== undefined) refuse('supervision', supervision, '"labels" or "pairs" on features');
  }
  if (supervision === 'pairs') {
    const losses = OF_GIVEN_PAIRS.map((kind) => `"${kind}"`).join(', ');
    const given = `one of ${losses} on given pairs, without a memory or a boundary by class`;
    if (!partsOf(loss).every(takesGivenPairs)) refuse('loss.kind', loss.kind, given);
    if (model?.kind === 'linear' && model.method !== 'gradient') {
      refuse('model.method', model.method, '"gradient" on given pairs');
    }
  }
  return found;
}

type SingleLoss = Exclude<LossSettings, { kind: 'sum' }>;

function partsOf(loss: LossSettings): readonly SingleLoss[] {
  return loss.kind === 'sum' ? loss.parts.map((part) => part.loss) : [loss];
}

function takesGivenPairs(loss: SingleLoss): boolean {
  const byClass = loss.kind === 'margin' && loss.boundary === 'by-class';
  return (OF_GIVEN_PAIRS as readonly string[]).includes(loss.kind) && !('memory' in loss) && !byClass;
}
