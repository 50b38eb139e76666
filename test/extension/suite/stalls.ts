const TICK_MS = 5;

export interface StallReport {
  readonly seconds: number;
  /** The longest time that the event loop did not come round, in ms; other processes may have had the processor meanwhile. */
  readonly longestWall: number;
  /** The longest stretch of it that this thread itself computed, in ms. */
  readonly longestBusy: number;
}

type ThreadClock = () => { readonly user: number; readonly system: number };

/** Watches this thread's event loop: how long it ever stood still, and how much of that was its own work. */
export class Stalls {
  private readonly clock = (process as unknown as { threadCpuUsage: ThreadClock }).threadCpuUsage;
  private readonly timer = setInterval(() => this.tick(), TICK_MS);
  private began = performance.now();
  private wall = this.began;
  private busy = this.cpu();
  private longestWall = 0;
  private longestBusy = 0;

  /** What was seen since the last call. */
  next(): StallReport {
    this.tick();
    const now = performance.now();
    const report = {
      seconds: (now - this.began) / 1000,
      longestWall: Math.round(this.longestWall),
      longestBusy: Math.round(this.longestBusy),
    };
    this.began = now;
    this.longestWall = 0;
    this.longestBusy = 0;
    return report;
  }

  dispose(): void {
    clearInterval(this.timer);
  }

  private tick(): void {
    const wall = performance.now();
    const busy = this.cpu();
    this.longestWall = Math.max(this.longestWall, wall - this.wall - TICK_MS);
    this.longestBusy = Math.max(this.longestBusy, busy - this.busy);
    this.wall = wall;
    this.busy = busy;
  }

  /** In ms. */
  private cpu(): number {
    const { user, system } = this.clock();
    return (user + system) / 1000;
  }
}
