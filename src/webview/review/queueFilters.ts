import { dropdown, h, setChoice, setChoices, type Choice } from '../shell';
import { KIND_FILTERS, SORTS, STATE_FILTERS, type KindFilter, type Sort, type StateFilter } from './queue';
import type { ReviewModel } from './reviewModel';
import type { ReviewCase } from './reviewCase';
import type { CaseState } from './caseState';

const KIND_WORDS: Readonly<Record<KindFilter, string>> = {
  all: 'All kinds',
  exact: 'Exact',
  near: 'Near',
  conflict: 'Different labels',
  leak: 'Across splits',
};

const STATE_FILTER_WORDS: Readonly<Record<StateFilter, string>> = {
  all: 'Any state',
  undecided: 'Undecided',
  decided: 'Decided',
  'not-duplicate': 'Not duplicates',
};

const SORT_WORDS: Readonly<Record<Sort, string>> = {
  rank: 'Most urgent first',
  closest: 'Closest first',
  weakest: 'Least alike first',
  members: 'Largest groups first',
  bytes: 'Most bytes freed first',
};

/** Which cases are listed, in which order; each choice says how many cases it has. */
export class QueueFilters {
  readonly element: HTMLElement;
  private readonly kind: HTMLElement;
  private readonly state: HTMLElement;
  private readonly sort: HTMLElement;
  private counted = '';

  constructor(
    private readonly model: ReviewModel,
    onChange: () => void,
  ) {
    const change = (part: Partial<ReviewModel['view']>): void => {
      model.setView({ ...model.view, ...part });
      onChange();
    };
    this.kind = dropdown({
      label: 'Kind of groups listed',
      choices: choicesOf(KIND_FILTERS, KIND_WORDS),
      value: model.view.kind,
      onChange: (value) => change({ kind: oneOf(KIND_FILTERS, value) }),
    });
    this.state = dropdown({
      label: 'State of groups listed',
      choices: choicesOf(STATE_FILTERS, STATE_FILTER_WORDS),
      value: model.view.state,
      onChange: (value) => change({ state: oneOf(STATE_FILTERS, value) }),
    });
    this.sort = dropdown({
      label: 'Order of the groups',
      choices: choicesOf(SORTS, SORT_WORDS),
      value: model.view.sort,
      onChange: (value) => change({ sort: oneOf(SORTS, value) }),
    });
    this.element = h('div', { class: 'queue-filters' }, this.kind, this.state, this.sort);
  }

  update(): void {
    const { cases, states, view } = this.model;
    const kinds = countKinds(cases);
    const inStates = countStates(states);
    const counted = JSON.stringify([kinds, inStates]);
    if (counted !== this.counted) {
      this.counted = counted;
      setChoices(this.kind, choicesOf(KIND_FILTERS, KIND_WORDS, kinds), view.kind);
      setChoices(this.state, choicesOf(STATE_FILTERS, STATE_FILTER_WORDS, inStates), view.state);
    }
    setChoice(this.sort, view.sort);
  }
}

function choicesOf<T extends string>(
  values: readonly T[],
  words: Readonly<Record<T, string>>,
  counts?: Readonly<Record<T, number>>,
): Choice[] {
  return values.map((value) => ({
    value,
    label: counts === undefined || value === 'all' ? words[value] : `${words[value]} (${counts[value]})`,
  }));
}

function oneOf<T extends string>(values: readonly T[], value: string): T {
  return values.find((known) => known === value) ?? values[0];
}

function countKinds(cases: readonly ReviewCase[]): Record<KindFilter, number> {
  const counts: Record<KindFilter, number> = { all: cases.length, exact: 0, near: 0, conflict: 0, leak: 0 };
  for (const { kind, labelConflict, crossesSplits } of cases) {
    counts[kind]++;
    if (labelConflict) counts.conflict++;
    if (crossesSplits) counts.leak++;
  }
  return counts;
}

function countStates(states: readonly CaseState[]): Record<StateFilter, number> {
  const counts: Record<StateFilter, number> = { all: states.length, undecided: 0, decided: 0, 'not-duplicate': 0 };
  for (const state of states) counts[state]++;
  return counts;
}
