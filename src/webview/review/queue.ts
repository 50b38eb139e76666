import type { ReviewCase } from './reviewCase';
import type { CaseState } from './caseState';

export const KIND_FILTERS = ['all', 'exact', 'near', 'conflict', 'leak'] as const;
export type KindFilter = (typeof KIND_FILTERS)[number];

export const STATE_FILTERS = ['all', 'undecided', 'decided', 'not-duplicate'] as const;
export type StateFilter = (typeof STATE_FILTERS)[number];

export const SORTS = ['rank', 'closest', 'weakest', 'members', 'bytes'] as const;
export type Sort = (typeof SORTS)[number];

/** Which cases are listed, and in which order. */
export interface QueueView {
  readonly kind: KindFilter;
  readonly state: StateFilter;
  readonly sort: Sort;
}

export const DEFAULT_VIEW: QueueView = { kind: 'all', state: 'all', sort: 'rank' };

function matchesKind(reviewCase: ReviewCase, filter: KindFilter): boolean {
  switch (filter) {
    case 'all':
      return true;
    case 'conflict':
      return reviewCase.labelConflict;
    case 'leak':
      return reviewCase.crossesSplits;
    default:
      return reviewCase.kind === filter;
  }
}

/** Negative when `a` comes first; ties fall back to the trainer's order, so that every order is total. */
function comparator(
  sort: Sort,
  bytesFreed: (reviewCase: ReviewCase) => number,
): (a: ReviewCase, b: ReviewCase) => number {
  const by: Record<Sort, (a: ReviewCase, b: ReviewCase) => number> = {
    rank: () => 0,
    closest: (a, b) => a.closestStrain - b.closestStrain,
    weakest: (a, b) => b.weakestStrain - a.weakestStrain,
    members: (a, b) => b.items.length - a.items.length,
    bytes: (a, b) => bytesFreed(b) - bytesFreed(a),
  };
  return (a, b) => by[sort](a, b) || a.rank - b.rank;
}

/**
 * The cases that a view lists, in its order, as places in `cases`. `keep` is listed whatever the filter says: the case that
 * the person is looking at does not vanish under their eyes.
 */
export function listedCases(
  cases: readonly ReviewCase[],
  states: readonly CaseState[],
  view: QueueView,
  bytesFreed: (reviewCase: ReviewCase) => number,
  keep?: number,
): number[] {
  const listed: number[] = [];
  cases.forEach((reviewCase, index) => {
    const matches = matchesKind(reviewCase, view.kind) && (view.state === 'all' || states[index] === view.state);
    if (matches || index === keep) listed.push(index);
  });
  const compare = comparator(view.sort, bytesFreed);
  return listed.sort((a, b) => compare(cases[a], cases[b]));
}

/** The next undecided case after `current` in the listed order, from the top again at the end; undefined when none is left. */
export function nextUndecided(
  listed: readonly number[],
  states: readonly CaseState[],
  current: number,
): number | undefined {
  const from = listed.indexOf(current);
  for (let step = 1; step <= listed.length; step++) {
    const candidate = listed[(from + step + listed.length) % listed.length];
    if (candidate !== current && states[candidate] === 'undecided') return candidate;
  }
  return undefined;
}

/** The case `offset` places further in the listed order; stays at the ends. */
export function stepInQueue(listed: readonly number[], current: number, offset: number): number | undefined {
  if (listed.length === 0) return undefined;
  const from = listed.indexOf(current);
  if (from < 0) return listed[0];
  return listed[Math.min(listed.length - 1, Math.max(0, from + offset))];
}
