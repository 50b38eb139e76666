import type { Progress } from '../types/progress';

const REPORT_EVERY = 100; // milliseconds
const KNOWN_AFTER = 1000; // milliseconds of work before an estimate is worth showing

/** Counts the work of one stage and reports it at most ten times a second, and at its end. */
export class ProgressMeter {
  private readonly started = performance.now();
  private reported = -Infinity;
  private done = 0;

  constructor(
    private readonly report: (progress: Progress) => void,
    private readonly stage: string,
    private readonly total: number,
    private readonly unit: string,
  ) {
    this.tell();
  }

  add(count = 1): void {
    this.done += count;
    if (this.done >= this.total || performance.now() - this.reported >= REPORT_EVERY) this.tell();
  }

  private tell(): void {
    this.reported = performance.now();
    const elapsed = this.reported - this.started;
    const known = elapsed >= KNOWN_AFTER && this.done > 0 && this.done < this.total;
    this.report({
      stage: this.stage,
      done: this.done,
      total: this.total,
      unit: this.unit,
      ...(known ? { secondsLeft: ((this.total - this.done) * elapsed) / this.done / 1000 } : {}),
    });
  }
}
