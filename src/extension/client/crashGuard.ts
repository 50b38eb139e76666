/** Counts crashes, so that a trainer which cannot live is not started over and over. */
export class CrashGuard {
  private crashes: number[] = [];

  constructor(
    private readonly limit = 3,
    /** Milliseconds in which `limit` crashes are too many. */
    private readonly span = 60_000,
    private readonly now: () => number = Date.now,
  ) {}

  record(): void {
    this.crashes.push(this.now());
  }

  /** Whether there were too many crashes lately. Becomes false again by the passing of time. */
  get tripped(): boolean {
    const since = this.now() - this.span;
    this.crashes = this.crashes.filter((time) => time > since);
    return this.crashes.length >= this.limit;
  }
}
