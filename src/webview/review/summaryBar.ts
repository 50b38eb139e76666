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
    const labels = plan?.relabel?.length ?? 0;
    const does = [
      ...(files > 0 ? [`move ${formatItems(files, 'file')}`] : []),
      ...(labels > 0 ? [`change ${formatItems(labels, 'label')}`] : []),
    ].join(', ');
    const blocked = plan?.blocked;
    replaceChildren(this.apply, does === '' || blocked !== undefined ? 'Apply decisions…' : `Apply: ${does}…`);
    this.apply.title = plan === undefined || does === '' ? 'Nothing is marked for removal yet.' : planTitle(plan);
    this.apply.classList.toggle('apply-warns', (plan?.warnings?.length ?? 0) > 0);
    setDisabled(this.apply, does === '' || blocked !== undefined);
    this.restore.hidden = !canRestore;
  }
}

/** What the button will do, in sentences, or why it can do nothing. */
export function planTitle(plan: ApplyPlan): string {
  const { items, bytes, quarantine, manifest, relabel = [], warnings = [], blocked } = plan;
  if (blocked !== undefined) return blocked;
  const where = manifest === undefined ? 'by a move to the folder of the label' : `in ${manifest}`;
  const sentences = [
    items.length > 0 &&
      `Moves ${formatItems(items.length, 'file')} (${formatBytes(bytes)}) to ${quarantine}, from where they can be restored.`,
    items.length > 0 && manifest !== undefined && `Their rows leave ${manifest}.`,
    relabel.length > 0 && `Changes ${formatItems(relabel.length, 'label')}, ${where}; it can be taken back.`,
  ].filter((sentence) => sentence !== false);
  return sentences.join(' ') + warnings.map((warning) => `\n⚠ ${warning}`).join('');
}
