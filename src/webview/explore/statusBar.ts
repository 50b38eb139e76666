import { KindredError } from '../../rpc/errors';
import type { DatasetSummary, Progress } from '../../trainer/protocol';
import {
  button,
  formatCount,
  formatItems,
  h,
  icon,
  ProgressBar,
  replaceChildren,
  type ButtonProps,
  type Child,
} from '../shell';
import type { Phase } from './session';

export interface StatusCounts {
  readonly summary: Pick<DatasetSummary, 'items' | 'modality'>;
  /** What the search has found; `undefined` when nothing is searched. */
  readonly found: number | undefined;
  readonly selected: number;
  /** Categories that stand out. */
  readonly isolated: number;
  /** What should be known about the map. */
  readonly remarks: readonly string[];
  /** Items were placed into the map: all can be arranged anew. */
  readonly hasPlaced: boolean;
}

export interface StatusListener {
  stop(): void;
  again(): void;
  anew(): void;
  selectFound(): void;
  clearSelection(): void;
}

/** The line at the bottom: counts on the left, the work that is going on (or why it is not) on the right. */
export class StatusBar {
  readonly element: HTMLElement;
  private readonly counts = h('div', { class: 'status-counts' });
  private readonly note = h('div', { class: 'status-note', role: 'status' });
  private readonly progress: ProgressBar;

  constructor(private readonly listener: StatusListener) {
    this.progress = new ProgressBar({ label: 'Making the map', onCancel: () => listener.stop() });
    this.element = h('footer', { class: 'status' }, this.counts, this.note, this.progress.element);
  }

  showCounts({ summary, found, selected, isolated, remarks, hasPlaced }: StatusCounts): void {
    const parts: Child[] = [h('span', {}, formatItems(summary.items, summary.modality))];
    if (isolated > 0) parts.push(h('span', {}, formatItems(isolated, 'label shown', 'labels shown')));
    if (found !== undefined) {
      parts.push(h('span', {}, `${formatCount(found)} found`));
      if (found > 0) parts.push(link('Select', () => this.listener.selectFound()));
    }
    if (selected > 0) {
      parts.push(h('span', { class: 'status-selected' }, `${formatCount(selected)} selected`));
      parts.push(link('Clear', () => this.listener.clearSelection()));
    }
    for (const remark of remarks)
      parts.push(h('span', { class: 'status-remark muted', attributes: { title: remark } }, remark));
    if (hasPlaced) parts.push(link('Arrange anew', () => this.listener.anew()));
    replaceChildren(this.counts, ...parts);
  }

  /** Work on what the map shows, other than the map itself; `undefined` when there is none any more. */
  showWork(progress: Progress | undefined): void {
    this.note.replaceChildren();
    if (progress) this.progress.show(progress);
    else this.progress.hide();
  }

  showPhase(phase: Phase, mapShown: boolean): void {
    if (phase.kind === 'working') this.progress.show(phase.progress);
    else this.progress.hide();
    if (phase.kind === 'stopped')
      this.say('debug-stop', 'Stopped before the map was finished.', {
        label: 'Go on',
        onClick: () => this.listener.again(),
      });
    else if (phase.kind === 'failed' && mapShown) {
      const advice = phase.error instanceof KindredError ? phase.error.advice : String(phase.error);
      this.say('error', advice, { label: 'Try again', onClick: () => this.listener.again() });
    } else this.note.replaceChildren();
  }

  /** A remark that is not about the map's own work. */
  say(iconName: string, text: string, action?: ButtonProps): void {
    replaceChildren(
      this.note,
      icon(iconName),
      h('span', { class: 'ellipsis', attributes: { title: text } }, text),
      action && button(action),
    );
  }
}

function link(text: string, onClick: () => void): HTMLElement {
  return h('button', { class: 'plain status-link', on: { click: onClick } }, text);
}
