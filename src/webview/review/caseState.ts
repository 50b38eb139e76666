import type { Mark, ReviewCase } from './reviewCase';

export type CaseState = 'undecided' | 'decided' | 'not-duplicate';

/** What has been said so far, whether the trainer has confirmed it or not. */
export interface Verdicts {
  markOf(item: number): Mark | undefined;
  /** Whether the person said that these items are no duplicates of each other. */
  areApart(items: readonly number[]): boolean;
}

/** A removal counts more than an older "not duplicates": it is what an apply would do. */
export function stateOf(reviewCase: ReviewCase, verdicts: Verdicts): CaseState {
  let marked = 0;
  let removed = 0;
  for (const item of reviewCase.items) {
    const mark = verdicts.markOf(item);
    if (mark !== undefined) marked++;
    if (mark === 'remove') removed++;
  }
  const complete = marked === reviewCase.items.length;
  if (complete && removed > 0) return 'decided';
  if (verdicts.areApart(reviewCase.items)) return 'not-duplicate';
  return complete ? 'decided' : 'undecided';
}

export const STATE_WORDS: Readonly<Record<CaseState, string>> = {
  undecided: 'undecided',
  decided: 'decided',
  'not-duplicate': 'not duplicates',
};
