import type { Progress } from '../trainer/protocol';

const ON_TERMINAL_EVERY = 100;
const ELSEWHERE_EVERY = 10_000;

/**
 * Progress on stderr: on a terminal one line that is written over, elsewhere (a log) a line at each stage and every ten
 * seconds.
 */
export class ProgressLine {
  private stage = '';
  private last = 0;
  private isShown = false;

  constructor(
    private readonly stream: NodeJS.WriteStream,
    private readonly isQuiet: boolean,
  ) {}

  show(progress: Progress, note = ''): void {
    if (this.isQuiet) return;
    const now = Date.now();
    const isNew = progress.stage !== this.stage;
    if (!isNew && now - this.last < (this.stream.isTTY ? ON_TERMINAL_EVERY : ELSEWHERE_EVERY)) return;
    this.stage = progress.stage;
    this.last = now;
    const text = describe(progress) + note;
    if (!this.stream.isTTY) {
      this.stream.write(`${text}\n`);
      return;
    }
    this.stream.write(`\r\u001b[2K${text.slice(0, Math.max(20, this.stream.columns - 1))}`);
    this.isShown = true;
  }

  /** Takes the line away, before anything else is printed. */
  clear(): void {
    if (this.isShown) this.stream.write('\r\u001b[2K');
    this.isShown = false;
  }
}

function describe({ stage, done, total, unit, secondsLeft }: Progress): string {
  const share = total > 0 ? `: ${done.toLocaleString('en-US')} of ${total.toLocaleString('en-US')} ${unit}` : '';
  return stage + share + (secondsLeft === undefined ? '' : `, ${duration(secondsLeft)} left`);
}

function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  return whole < 3600 ? `${Math.floor(whole / 60)} min ${whole % 60} s` : `${(whole / 3600).toFixed(1)} h`;
}
