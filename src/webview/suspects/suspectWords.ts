import type { Suspect, SuspectList } from '../../trainer/protocol';
import { formatCount, formatItems } from '../shell/format';
import type { SuspectState, SuspectsModel } from './suspectsModel';

/** A list with more than this share of all labels says more about the run than about the labels. */
const MOST_SHARE = 0.3;

export const STATE_ICONS: Readonly<Record<SuspectState, string>> = {
  undecided: 'circle-large-outline',
  'label-right': 'pass-filled',
  relabel: 'tag',
  remove: 'trash',
};

export function stateWords(model: SuspectsModel, item: number): string {
  switch (model.stateOf(item)) {
    case 'undecided':
      return 'undecided';
    case 'label-right':
      return 'label is right';
    case 'relabel':
      return `becomes "${model.newLabelOf(item) ?? ''}"`;
    case 'remove':
      return 'excluded';
  }
}

/** What a row of the queue shows, and its accessible name with the state. */
export function rowWords({
  label,
  nearestLabel,
  angle,
}: Suspect): readonly [label: string, looks: string, angle: string] {
  return [label, nearestLabel === label ? 'like no other' : `→ ${nearestLabel}`, `${angle.toFixed(0)}°`];
}

/** The suspect in one sentence, for a screen reader. */
export function suspectWords(model: SuspectsModel, index: number): string {
  const { item, label, nearestLabel, angle } = model.suspects[index];
  const looks = nearestLabel === label ? 'looks like no other label' : `looks like "${nearestLabel}"`;
  const place = `Suspect ${formatCount(index + 1)} of ${formatCount(model.suspects.length)}`;
  return `${place}, labelled "${label}", ${looks}, ${angle.toFixed(0)} degrees off, ${stateWords(model, item)}`;
}

/** What is to be doubted about the list as a whole; undefined when nothing is. */
export function doubtWords({ items, suspects }: SuspectList): string | undefined {
  if (suspects.length <= MOST_SHARE * items) return undefined;
  const share = `${formatItems(suspects.length, 'suspect')} among ${formatItems(items, 'label')}`;
  return `${share}: the run has hardly learned the labels. Train it longer, or with more images of each, before you believe it.`;
}
