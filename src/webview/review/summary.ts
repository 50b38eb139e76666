import { formatItems } from '../shell/format';
import { stateOf, type CaseState, type Verdicts } from './caseState';
import { suggestedMarks, type ReviewCase } from './reviewCase';

/** Where the review is, in numbers. */
export interface ReviewSummary {
  readonly total: number;
  readonly reviewed: number;
  /** Items that the decisions and, where there are none, the suggestions would remove; and their bytes. */
  readonly redundant: number;
  readonly redundantBytes: number;
  /** Items that decisions remove. */
  readonly removed: number;
  readonly removedBytes: number;
  /** Near cases that were reviewed, and how many of them were duplicates. */
  readonly nearReviewed: number;
  readonly nearConfirmed: number;
}

export function statesOf(cases: readonly ReviewCase[], verdicts: Verdicts): CaseState[] {
  return cases.map((reviewCase) => stateOf(reviewCase, verdicts));
}

/** `bytesOf` gives 0 for an item whose facts are not loaded yet. */
export function summarise(
  cases: readonly ReviewCase[],
  states: readonly CaseState[],
  verdicts: Verdicts,
  bytesOf: (item: number) => number,
): ReviewSummary {
  const redundant = new Set<number>();
  const removed = new Set<number>();
  let reviewed = 0;
  let nearReviewed = 0;
  let nearConfirmed = 0;
  cases.forEach((reviewCase, index) => {
    const state = states[index];
    if (state !== 'undecided') reviewed++;
    let removals = 0;
    for (const item of reviewCase.items) {
      const mark = verdicts.markOf(item);
      if (mark === 'remove') removed.add(item);
      if (mark === 'remove') removals++;
      if (mark === 'remove' || (state === 'undecided' && item !== reviewCase.suggestedKeep)) redundant.add(item);
    }
    if (reviewCase.kind === 'near' && state !== 'undecided') nearReviewed++;
    if (reviewCase.kind === 'near' && state === 'decided' && removals > 0) nearConfirmed++;
  });
  const sum = (items: Set<number>): number => [...items].reduce((total, item) => total + bytesOf(item), 0);
  return {
    total: cases.length,
    reviewed,
    redundant: redundant.size,
    redundantBytes: sum(redundant),
    removed: removed.size,
    removedBytes: sum(removed),
    nearReviewed,
    nearConfirmed,
  };
}

/** "All 12 groups are reviewed", "The one group is reviewed". */
export function reviewedWords(groups: number): string {
  return groups === 1 ? 'The one group is reviewed' : `All ${formatItems(groups, 'group')} are reviewed`;
}

/** Bytes that taking the suggestion of one case would free. */
export function bytesFreed(reviewCase: ReviewCase, bytesOf: (item: number) => number): number {
  let bytes = 0;
  for (const item of reviewCase.items) if (item !== reviewCase.suggestedKeep) bytes += bytesOf(item);
  return bytes;
}

/** What one decision for many cases would do: all suggestions of the cases that are undecided and match. */
export interface BulkPlan {
  readonly cases: number;
  readonly keep: number;
  readonly remove: number;
  readonly bytes: number;
  readonly marks: ReadonlyMap<number, 'keep' | 'remove'>;
  /** Cases that were left out because their members have different labels: a person should look at them. */
  readonly conflicts: number;
}

/** Suggestions of all undecided exact cases. Cases with different labels are left for the person to look at. */
export function planExactSuggestions(
  cases: readonly ReviewCase[],
  states: readonly CaseState[],
  bytesOf: (item: number) => number,
): BulkPlan {
  const marks = new Map<number, 'keep' | 'remove'>();
  let taken = 0;
  let conflicts = 0;
  cases.forEach((reviewCase, index) => {
    if (reviewCase.kind !== 'exact' || states[index] !== 'undecided') return;
    if (reviewCase.labelConflict) {
      conflicts++;
      return;
    }
    taken++;
    for (const [item, mark] of suggestedMarks(reviewCase)) marks.set(item, mark);
  });
  let bytes = 0;
  let remove = 0;
  for (const [item, mark] of marks) {
    if (mark !== 'remove') continue;
    remove++;
    bytes += bytesOf(item);
  }
  return { cases: taken, keep: marks.size - remove, remove, bytes, marks, conflicts };
}
