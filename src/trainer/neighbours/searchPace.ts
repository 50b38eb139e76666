import type { Progress } from '../types/progress';

/** Rounds that a search usually takes; the comparison in full takes about as long as two. */
const USUAL_ROUNDS = 9;
const FINAL_ROUNDS = 2;

/** Tells how far a search for neighbours is. How many rounds it will take is known only when it has settled. */
export class SearchPace {
  private started = 0;

  constructor(private readonly report: (progress: Progress) => void) {}

  begin(): void {
    this.started = performance.now();
    this.tell(0, USUAL_ROUNDS + FINAL_ROUNDS);
  }

  /** @param round that has ended, from 0 */
  round(round: number): void {
    this.tell(round + 1, Math.max(round + 1, USUAL_ROUNDS) + FINAL_ROUNDS);
  }

  ranked(): void {
    this.tell(1, 1);
  }

  private tell(done: number, total: number): void {
    const seconds = (performance.now() - this.started) / 1000;
    const left = done === 0 ? {} : { secondsLeft: (seconds / done) * (total - done) };
    this.report({ stage: 'Comparing items', done, total, unit: 'rounds', ...left });
  }
}
