import type { ApplyPlan } from '../../trainer/protocol';
import type { Disposable } from '../shell';

const DELAY_MS = 400;

/** Keeps what an apply would do up to date, a moment after the last decision. */
export class PlanWatch implements Disposable {
  current: ApplyPlan | undefined;
  private timer: number | undefined;
  private asked = 0;

  constructor(
    private readonly fetch: () => Promise<ApplyPlan>,
    private readonly onChange: () => void,
  ) {}

  /** A decision was made or taken back. */
  changed(): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.ask(), DELAY_MS);
  }

  dispose(): void {
    window.clearTimeout(this.timer);
    this.asked++;
  }

  private async ask(): Promise<void> {
    const asked = ++this.asked;
    // A plan that cannot be made is no reason to stop reviewing: the button stays off, and applying says why.
    const plan = await this.fetch().catch(() => undefined);
    if (asked !== this.asked) return;
    this.current = plan;
    this.onChange();
  }
}
