import { formatCount, formatItems, h, replaceChildren } from '../shell';
import { STATE_WORDS } from './caseState';
import { distanceWords } from './distanceWords';
import { badgeElement, badgesOf } from './queueList';
import type { ReviewModel } from './reviewModel';

/** Which case this is and why it is one. */
export class CaseHeader {
  readonly element = h('div', { class: 'case-head' });
  private shown = '';

  update(model: ReviewModel): void {
    const reviewCase = model.currentCase;
    const state = model.currentState ?? 'undecided';
    const shown = JSON.stringify([reviewCase?.id, state, model.position, model.listed.length]);
    if (shown === this.shown) return;
    this.shown = shown;
    if (!reviewCase) {
      replaceChildren(this.element);
      return;
    }
    const { weakest, closest } = reviewCase;
    const weak =
      weakest && closest && weakest !== closest && distanceWords(weakest) !== distanceWords(closest)
        ? `weakest link ${distanceWords(weakest)}`
        : undefined;
    replaceChildren(
      this.element,
      h(
        'h2',
        { class: 'case-title' },
        `Group ${formatCount(model.position + 1)} of ${formatCount(model.listed.length)}`,
      ),
      h('span', { class: 'muted' }, formatItems(reviewCase.items.length, 'member')),
      ...badgesOf(reviewCase).map(badgeElement),
      weak !== undefined && h('span', { class: 'muted' }, weak),
      h('span', { class: 'spacer' }),
      h('span', { class: `case-state case-state-${state}` }, STATE_WORDS[state]),
    );
  }
}

/** The case in one sentence, for a screen reader. */
export function caseWords(model: ReviewModel): string {
  const reviewCase = model.currentCase;
  if (!reviewCase) return '';
  const badges = badgesOf(reviewCase).map(({ text }) => text);
  const place = `Group ${model.position + 1} of ${model.listed.length}`;
  return [
    place,
    formatItems(reviewCase.items.length, 'member'),
    ...badges,
    STATE_WORDS[model.currentState ?? 'undecided'],
  ].join(', ');
}
