import { throwIfCancelled } from '../../rpc/errors';
import type { CallContext } from '../../rpc/rpc';
import type { Progress } from '../types/progress';

/** Longest stretch of work between two breaths, in milliseconds; the main thread must stay able to answer. */
const STRETCH = 12;
const REPORT_EVERY = 120;

/**
 * Lets a long computation on the main thread breathe: other requests are answered, a cancellation is seen, progress is
 * reported at most about eight times a second. In a loop: `if (pace.due()) await pace.breathe(done);`
 */
export class Pace {
  private stage = '';
  private total = 0;
  private unit = '';
  private started = performance.now();
  private breathed = performance.now();
  private reported = 0;

  constructor(private readonly context: CallContext<Progress>) {}

  /** Names what comes now, for a person. */
  begin(stage: string, total: number, unit: string): void {
    throwIfCancelled(this.context.signal);
    this.stage = stage;
    this.total = total;
    this.unit = unit;
    this.started = performance.now();
    this.report(0);
  }

  due(): boolean {
    return performance.now() - this.breathed > STRETCH;
  }

  async breathe(done?: number): Promise<void> {
    throwIfCancelled(this.context.signal);
    if (done !== undefined && performance.now() - this.reported > REPORT_EVERY) this.report(done);
    await new Promise((resolve) => setImmediate(resolve));
    throwIfCancelled(this.context.signal);
    this.breathed = performance.now();
  }

  private report(done: number): void {
    this.reported = performance.now();
    const seconds = (this.reported - this.started) / 1000;
    const known = done > 0 && seconds > 1;
    this.context.report({
      stage: this.stage,
      done,
      total: this.total,
      unit: this.unit,
      ...(known ? { secondsLeft: (seconds * (this.total - done)) / done } : {}),
    });
  }
}
