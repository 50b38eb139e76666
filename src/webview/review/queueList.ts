import {
  formatItems,
  h,
  replaceChildren,
  thumbnailImage,
  VirtualGrid,
  type GridCell,
  type ThumbnailCache,
} from '../shell';
import { STATE_WORDS, type CaseState } from './caseState';
import { distanceWords } from './distanceWords';
import type { ReviewCase } from './reviewCase';
import type { ReviewModel } from './reviewModel';

const ROW_HEIGHT = 76;
const STRIP = 5;

/** The list of cases on the left: only the rows on the screen exist, for any number of cases. */
export class QueueList {
  readonly element: HTMLElement;
  private readonly grid: VirtualGrid;
  private readonly rows = new Map<number, { readonly update: () => void }>();
  private shown: readonly number[] = [];
  private cases: readonly ReviewCase[] = [];
  private revealed: number | undefined;

  constructor(
    private readonly model: ReviewModel,
    private readonly thumbnails: ThumbnailCache,
  ) {
    this.grid = new VirtualGrid({
      label: 'Groups to review',
      cellWidth: 10_000,
      cellHeight: () => ROW_HEIGHT,
      gap: 0,
      render: (row) => this.renderRow(row),
      cellLabel: (row) => this.label(row),
      onActivate: (row) => {
        const index = this.shown.at(row);
        if (index !== undefined) model.select(index);
      },
    });
    this.element = this.grid.element;
    this.element.classList.add('queue');
  }

  update(): void {
    const { listed, cases, current } = this.model;
    const same = cases === this.cases && sameList(listed, this.shown);
    this.cases = cases;
    this.shown = listed;
    if (!same) this.grid.reset(listed.length, true);
    else for (const row of this.rows.values()) row.update();
    if (current !== this.revealed || !same) {
      this.revealed = current;
      const row = this.model.position;
      if (row >= 0) this.grid.reveal(row);
    }
  }

  private renderRow(row: number): GridCell {
    const index = this.shown[row];
    const reviewCase = this.cases[index];
    const strip = reviewCase.items.slice(0, STRIP).map((item) => thumbnailImage(this.thumbnails, item, '', true));
    const rest = reviewCase.items.length - strip.length;
    const status = h('div', { class: 'queue-status' });
    const element = h(
      'div',
      { class: 'queue-row', data: { case: reviewCase.id } },
      h(
        'div',
        { class: 'queue-strip' },
        ...strip.map(({ element }) => element),
        rest > 0 && h('div', { class: 'queue-rest', data: { rest: `+${rest}` } }),
      ),
      status,
    );
    const update = (): void => {
      const state = this.model.states[index] ?? 'undecided';
      element.classList.toggle('queue-current', index === this.model.current);
      element.dataset['state'] = state;
      replaceChildren(status, ...statusParts(reviewCase, state));
    };
    update();
    this.rows.set(row, { update });
    return {
      element,
      release: () => {
        this.rows.delete(row);
        for (const picture of strip) picture.release();
      },
    };
  }

  private label(row: number): string {
    const index = this.shown[row];
    const reviewCase = this.cases[index];
    const parts = [
      `Group ${row + 1}`,
      formatItems(reviewCase.items.length, 'member'),
      badgesOf(reviewCase)
        .map(({ text }) => text)
        .join(' '),
      STATE_WORDS[this.model.states[index] ?? 'undecided'],
    ];
    return parts.join(', ');
  }
}

export interface CaseBadge {
  readonly kind: 'exact' | 'near' | 'conflict' | 'leak';
  readonly text: string;
  readonly help: string;
}

/** What stands out about a case: what is most urgent first. */
export function badgesOf(reviewCase: ReviewCase): CaseBadge[] {
  const badges: CaseBadge[] = [];
  if (reviewCase.labelConflict) {
    badges.push({
      kind: 'conflict',
      text: 'different labels',
      help: 'The same item has two labels: one of them is wrong.',
    });
  }
  if (reviewCase.crossesSplits) {
    badges.push({
      kind: 'leak',
      text: 'across splits: leak',
      help: 'The same item is in two splits, so a test on it is not honest.',
    });
  }
  if (reviewCase.kind === 'exact')
    badges.push({ kind: 'exact', text: 'same bytes', help: 'The files are equal, byte for byte.' });
  else if (reviewCase.closest) {
    badges.push({ kind: 'near', text: distanceWords(reviewCase.closest), help: 'The closest pair of the group.' });
  }
  return badges;
}

export function badgeElement({ kind, text, help }: CaseBadge): HTMLElement {
  return h('span', { class: `case-badge case-badge-${kind}`, attributes: { title: help } }, text);
}

function statusParts(reviewCase: ReviewCase, state: CaseState): (HTMLElement | string)[] {
  const symbol = { undecided: 'circle-large-outline', decided: 'pass-filled', 'not-duplicate': 'circle-slash' }[state];
  return [
    h('span', {
      class: `codicon codicon-${symbol} queue-state queue-state-${state}`,
      attributes: { title: STATE_WORDS[state] },
      role: 'img',
      aria: { label: STATE_WORDS[state] },
    }),
    // The spaces are not seen, but without them a screen reader runs the words together.
    ...badgesOf(reviewCase).flatMap((one) => [badgeElement(one), ' ']),
  ];
}

function sameList(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
