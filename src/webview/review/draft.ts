import type { PendingChange } from './ledger';
import type { Verdicts } from './caseState';
import { suggestedMarks, type Mark, type Marks, type ReviewCase } from './reviewCase';

/**
 * What Enter would record for a case: the verdicts that there are; members without one follow the person's earlier keep, or
 * else the suggestion.
 */
export function initialMarks(reviewCase: ReviewCase, verdicts: Verdicts): Map<number, Mark> {
  const suggested = suggestedMarks(reviewCase);
  const given = new Map<number, Mark>();
  for (const item of reviewCase.items) {
    const mark = verdicts.markOf(item);
    if (mark !== undefined) given.set(item, mark);
  }
  const hasKeeper = [...given.values()].includes('keep');
  const suggestionGone = given.get(reviewCase.suggestedKeep) === 'remove';
  const marks = new Map<number, Mark>();
  for (const item of reviewCase.items) {
    const rest: Mark = hasKeeper ? 'remove' : suggestionGone ? 'keep' : suggested.get(item)!;
    marks.set(item, given.get(item) ?? rest);
  }
  return marks;
}

export function keepOnly(reviewCase: ReviewCase, keeper: number): Map<number, Mark> {
  return new Map(reviewCase.items.map((item) => [item, item === keeper ? 'keep' : 'remove']));
}

export function keepAll(reviewCase: ReviewCase): Map<number, Mark> {
  return new Map(reviewCase.items.map((item) => [item, 'keep']));
}

export function toggled(marks: Marks, item: number): Map<number, Mark> {
  return new Map(marks).set(item, marks.get(item) === 'keep' ? 'remove' : 'keep');
}

export function removesAll(marks: Marks): boolean {
  return [...marks.values()].every((mark) => mark === 'remove');
}

/** Verdicts for `marks`. */
export function markChange(marks: Marks): PendingChange {
  return { marks: new Map(marks), apart: [] };
}

/** "Not duplicates" takes back removals of these members: nobody removes a copy of nothing. */
export function apartChange(reviewCase: ReviewCase, verdicts: Verdicts): PendingChange {
  const removed = reviewCase.items.filter((item) => verdicts.markOf(item) === 'remove');
  return { marks: new Map(removed.map((item) => [item, 'keep'])), apart: reviewCase.items };
}
