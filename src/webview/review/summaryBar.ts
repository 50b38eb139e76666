import type { ApplyPlan } from '../../trainer/protocol';
import { button, formatBytes, formatCount, formatItems, h, replaceChildren, setDisabled } from '../shell';
import type { ReviewSummary } from './summary';

export interface SummaryBarProps {
  readonly onBulk: () => void;
  readonly onApply: () => void;
  readonly onRestore: () => void;
  readonly onHelp: () => void;
}

/** How far the review is and what it would free; what can be done with all of it. */
export class SummaryBar {
  readonly element: HTMLElement;
  /** What its button opens hangs below it; the panel listens to it. */
  readonly thresholds: HTMLElement;
  readonly bulk: HTMLElement;
  readonly apply: HTMLElement;
  private readonly restore: HTMLElement;
  private readonly count = h('span', { class: 'summary-count' });
  private readonly track = h('div', { class: 'summary-done' });
  private readonly progress = h(
    'div',
    { class: 'summary-progress', hidden: true },
    this.count,
    h('div', { class: 'summary-track', aria: { hidden: 'true' } }, this.track),
  );
  private readonly freed = h('span', { class: 'summary-freed muted' });
  private readonly precision = h('span', { class: 'summary-precision muted' });

  constructor(props: SummaryBarProps) {
    this.thresholds = button({
      label: 'Thresholds',
      icon: 'settings',
      tip: 'How alike items must be, with evidence',
      onClick: () => undefined,
    });
    this.bulk = button({
      label: 'Accept all exact…',
      icon: 'check-all',
      tip: 'Take the suggestion for every undecided group of equal files',
      disabled: true,
      onClick: props.onBulk,
    });
    this.apply = button({ label: 'Apply decisions…', kind: 'primary', disabled: true, onClick: props.onApply });
    this.restore = button({
      label: 'Restore…',
      tip: 'Bring back files that were moved to the quarantine folder',
      onClick: props.onRestore,
    });
    this.element = h(
      'header',
      { class: 'summary' },
      this.progress,
      this.freed,
      this.precision,
      h('span', { class: 'spacer' }),
      this.thresholds,
      this.bulk,
      this.restore,
      this.apply,
      button({ label: 'Keys (?)', icon: 'question', kind: 'icon', onClick: props.onHelp }),
    );
  }

  update(summary: ReviewSummary, exactUndecided: number): void {
    this.progress.hidden = false;
    this.count.textContent = `${formatCount(summary.reviewed)} of ${formatCount(summary.total)} reviewed`;
    this.track.style.transform = `scaleX(${summary.total === 0 ? 0 : summary.reviewed / summary.total})`;
    this.freed.textContent = `${formatItems(summary.redundant, 'redundant item')} · ${formatBytes(summary.redundantBytes)}`;
    this.freed.title = 'What would go if the decisions so far, and the suggestions for all other groups, were applied.';
    const { nearReviewed, nearConfirmed } = summary;
    this.precision.hidden = nearReviewed === 0;
    this.precision.textContent = `${nearConfirmed} of ${nearReviewed} near groups were duplicates`;
    this.precision.title =
      'When hardly any more are, the rest of the list is not worth your time: tighten the thresholds.';
    setDisabled(this.bulk, exactUndecided === 0);
  }

  /** What an apply would do now; `undefined` while that is not known. */
  updatePlan(plan: ApplyPlan | undefined, canRestore: boolean): void {
    const files = plan?.items.length ?? 0;
    replaceChildren(this.apply, files === 0 ? 'Apply decisions…' : `Apply: move ${formatItems(files, 'file')}…`);
    this.apply.title =
      plan === undefined || files === 0
        ? 'Nothing is marked for removal yet.'
        : `Moves ${formatItems(files, 'file')} (${formatBytes(plan.bytes)}) to ${plan.quarantine}, from where they can be restored.` +
          (plan.manifest === undefined ? '' : ` Their rows leave ${plan.manifest}.`) +
          (plan.warnings ?? []).map((warning) => `\n⚠ ${warning}`).join('');
    this.apply.classList.toggle('apply-warns', (plan?.warnings?.length ?? 0) > 0);
    setDisabled(this.apply, files === 0);
    this.restore.hidden = !canRestore;
  }
}
