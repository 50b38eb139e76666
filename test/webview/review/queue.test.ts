import { describe, expect, it } from 'vitest';
import type { CaseState } from '../../../src/webview/review/caseState';
import { DEFAULT_VIEW, listedCases, nextUndecided, stepInQueue } from '../../../src/webview/review/queue';
import { toReviewCase } from '../../../src/webview/review/reviewCase';
import { group, LIMITS } from './groups';

const cases = [
  group('conflict', [1, 2], {}, { labelConflict: true }),
  group('exact', [3, 4, 5]),
  group('near', [6, 7], { evidence: 'perceptual', distance: 6 }, { crossesSplits: true }),
  group('nearer', [8, 9, 10, 11], { evidence: 'perceptual', distance: 1 }),
].map((one, rank) => toReviewCase(one, rank, LIMITS));
const undecided = cases.map((): CaseState => 'undecided');
const none = (): number => 0;

describe('the queue', () => {
  it('lists by kind and state', () => {
    const list = (view: Partial<typeof DEFAULT_VIEW>, states = undecided): string[] =>
      listedCases(cases, states, { ...DEFAULT_VIEW, ...view }, none).map((i) => cases[i].id);
    expect(list({})).toEqual(['conflict', 'exact', 'near', 'nearer']);
    expect(list({ kind: 'exact' })).toEqual(['conflict', 'exact']);
    expect(list({ kind: 'near' })).toEqual(['near', 'nearer']);
    expect(list({ kind: 'conflict' })).toEqual(['conflict']);
    expect(list({ kind: 'leak' })).toEqual(['near']);
    const states: CaseState[] = ['decided', 'undecided', 'not-duplicate', 'undecided'];
    expect(list({ state: 'not-duplicate' }, states)).toEqual(['near']);
    expect(list({ state: 'undecided', kind: 'near' }, states)).toEqual(['nearer']);
  });

  it('keeps the current case in the list whatever the filter says', () => {
    const states: CaseState[] = ['decided', 'undecided', 'undecided', 'undecided'];
    expect(listedCases(cases, states, { ...DEFAULT_VIEW, state: 'undecided' }, none, 0)).toEqual([0, 1, 2, 3]);
  });

  it('sorts, with ties in the order of the trainer', () => {
    const list = (sort: (typeof DEFAULT_VIEW)['sort']): number[] =>
      listedCases(cases, undecided, { ...DEFAULT_VIEW, sort }, ({ items }) => items[0]);
    expect(list('closest')).toEqual([0, 1, 3, 2]);
    expect(list('weakest')).toEqual([2, 3, 0, 1]);
    expect(list('members')).toEqual([3, 1, 0, 2]);
    expect(list('bytes')).toEqual([3, 2, 1, 0]);
  });

  it('goes to the next undecided case, around the end, never to the same one', () => {
    const states: CaseState[] = ['undecided', 'decided', 'undecided', 'decided'];
    expect(nextUndecided([0, 1, 2, 3], states, 0)).toBe(2);
    expect(nextUndecided([0, 1, 2, 3], states, 2)).toBe(0);
    expect(nextUndecided([3, 2, 1, 0], states, 3)).toBe(2);
    expect(nextUndecided([0, 1], states, 0)).toBeUndefined();
    expect(nextUndecided([0, 1, 2, 3], states, -1)).toBe(0);
    expect(nextUndecided([], [], 0)).toBeUndefined();
  });

  it('steps and stays at the ends', () => {
    expect(stepInQueue([5, 3, 1], 3, 1)).toBe(1);
    expect(stepInQueue([5, 3, 1], 1, 1)).toBe(1);
    expect(stepInQueue([5, 3, 1], 5, -10)).toBe(5);
    expect(stepInQueue([5, 3, 1], 99, 1)).toBe(5);
    expect(stepInQueue([], 0, 1)).toBeUndefined();
  });
});
