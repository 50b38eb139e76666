import type { Progress } from '../../trainer/protocol';
import { button } from './components';
import { h, setAria } from './dom';
import { formatCount, formatDuration } from './format';

export interface ProgressBarProps {
  /** Accessible name: what is in progress. */
  readonly label: string;
  /** Shows a button that stops the work. */
  readonly onCancel?: () => void;
}

/** How far a long job is: stage, count, time left, a bar, and a way to stop it. Hidden until the first `show`. */
export class ProgressBar {
  readonly element: HTMLElement;
  private readonly bar = h('div', { class: 'progress-bar' });
  private readonly track: HTMLElement;
  private readonly text = h('span', { class: 'progress-text' });
  private readonly time = h('span', { class: 'progress-time' });

  constructor(props: ProgressBarProps) {
    this.track = h(
      'div',
      { class: 'progress-track', role: 'progressbar', aria: { label: props.label, valuemin: '0', valuemax: '100' } },
      this.bar,
    );
    const { onCancel } = props;
    this.element = h(
      'div',
      { class: 'progress', hidden: true },
      h(
        'div',
        { class: 'progress-line' },
        this.text,
        this.time,
        onCancel && button({ label: 'Stop', icon: 'debug-stop', kind: 'icon', tip: 'Stop', onClick: onCancel }),
      ),
      this.track,
    );
  }

  /** A total of 0 means that the amount of work is not known yet: the bar runs to and fro. */
  show(progress: Progress): void {
    const known = progress.total > 0;
    const share = known ? Math.min(1, progress.done / progress.total) : 0;
    this.element.hidden = false;
    this.track.classList.toggle('indeterminate', !known);
    this.bar.style.transform = known ? `scaleX(${share})` : '';
    this.text.textContent = progressText(progress);
    this.time.textContent = progress.secondsLeft === undefined ? '' : `${formatDuration(progress.secondsLeft)} left`;
    setAria(this.track, {
      valuenow: known ? String(Math.round(share * 100)) : undefined,
      valuetext: progressText(progress),
    });
  }

  hide(): void {
    this.element.hidden = true;
  }
}

/** "Reading images: 1,200 of 3,800 images". */
export function progressText(progress: Progress): string {
  if (progress.total <= 0) return progress.stage;
  return `${progress.stage}: ${formatCount(progress.done)} of ${formatCount(progress.total)} ${progress.unit}`;
}
