import type { ModelId } from '../../types/embedding';
import type { EvaluationReport, Interval, Measure } from '../../types/evaluation';

/** A name for a person. */
export function modelName(model: ModelId): string {
  if (model === 'pixels') return 'Raw pixels';
  if (model === 'descriptor') return 'Descriptors';
  return model.replace(/^(run|vectors):/, '');
}

/** What a column's model is, in one line. */
export function modelNote(model: ModelId): string {
  if (model === 'pixels') return 'baseline, no training';
  if (model === 'descriptor') return 'baseline, made by hand';
  return model.startsWith('vectors:') ? 'imported vectors' : 'the trained model';
}

/** Each measure in one line. */
export const MEASURE_WORDS: Readonly<Record<Measure, { readonly name: string; readonly says: string }>> = {
  recallAt1: {
    name: 'Recall@1',
    says: 'How often the nearest neighbour is of the same class. It is Precision@1 too.',
  },
  recallAt2: { name: 'Recall@2', says: 'How often one of the two nearest is of the same class.' },
  recallAt4: { name: 'Recall@4', says: 'How often one of the four nearest is.' },
  recallAt5: { name: 'Recall@5', says: 'How often one of the five nearest is.' },
  recallAt8: { name: 'Recall@8', says: 'How often one of the eight nearest is.' },
  recallAt10: { name: 'Recall@10', says: 'How often one of the ten nearest is.' },
  mrr: { name: 'MRR', says: 'One over the place of the first right neighbour: 1 is first, ½ is second, ⅓ is third.' },
  rPrecision: {
    name: 'R-precision',
    says: 'Of the R nearest, the share of the same class, where R is how many there are to find.',
  },
  mapAtR: {
    name: 'MAP@R',
    says: 'As R-precision, but right ones count more the nearer they are: the strictest of these, and the best to compare by.',
  },
};

export function percent(share: number, digits = 1): string {
  return `${(100 * share).toFixed(digits)} %`;
}

/** "54.1 – 63.0" in percent. */
export function range({ low, high }: Interval): string {
  return `${(100 * low).toFixed(1)} – ${(100 * high).toFixed(1)}`;
}

export function count(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString('en-US')} ${n === 1 ? one : many}`;
}

/** "1 in 100". */
export function oneIn(rate: number): string {
  return `1 in ${Math.round(1 / rate).toLocaleString('en-US')}`;
}

export function heldOutText({ heldOut, labelColumns, queries }: EvaluationReport): string {
  const items = count(heldOut.items, 'item');
  const classes = count(heldOut.classes, 'class', 'classes');
  const asked =
    queries === heldOut.items
      ? ''
      : ` ${count(queries, 'of them has', 'of them have')} another of its class to find and were searched for it.`;
  const what = {
    class: `${items} of ${classes} that the training never saw.`,
    item: `${items} of ${classes}; the training saw others of these classes, but never these.`,
    split: `${items} of ${classes} in the splits that the training did not see.`,
    none: `all ${items} that have a label, of ${classes}.`,
  }[heldOut.by];
  const columns = labelColumns === undefined ? '' : ` Classes are the values of ${labelColumns.join(' and ')}.`;
  return `Measured on ${what}${columns}${asked}`;
}

export interface Verdict {
  readonly kind: 'better' | 'unclear' | 'worse' | 'none';
  readonly headline: string;
  readonly detail: string;
}

/** Whether the model is worth having, by MAP@R against the best baseline. */
export function verdictOf({ model, differences }: EvaluationReport): Verdict {
  const gain = differences.find(({ measure }) => measure === 'mapAtR');
  if (gain === undefined) {
    return {
      kind: 'none',
      headline: 'What needs no training',
      detail: 'These are the baselines. A trained model should be above them; train one and evaluate it.',
    };
  }
  const name = modelName(model);
  const against = modelName(gain.against).toLowerCase();
  const points = `${Math.abs(100 * gain.value).toFixed(1)} points`;
  const sure = `95 % interval of the gain: ${signed(gain.low)} to ${signed(gain.high)}.`;
  if (gain.low > 0) {
    return {
      kind: 'better',
      headline: `${name} beats the baselines`,
      detail: `MAP@R is ${points} above that of ${against}, the best of them. ${sure}`,
    };
  }
  if (gain.high < 0) {
    return {
      kind: 'worse',
      headline: `${name} does not beat the baselines`,
      detail: `MAP@R is ${points} below that of ${against}, the best of them. ${sure} Train for longer, with another loss, or keep what needs no training.`,
    };
  }
  return {
    kind: 'unclear',
    headline: `Whether ${name} beats the baselines is not clear`,
    detail: `MAP@R is ${points} ${gain.value >= 0 ? 'above' : 'below'} that of ${against}, the best of them, which may be chance. ${sure} More held-out items, or a longer training, would tell.`,
  };
}

function signed(value: number): string {
  return `${value >= 0 ? '+' : '−'}${Math.abs(100 * value).toFixed(1)}`;
}
