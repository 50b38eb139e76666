/** How far a long job is. */
export interface Progress {
  /** What is being done now, for a person: "Reading images". */
  readonly stage: string;
  readonly done: number;
  readonly total: number;
  /** What `done` and `total` count: "images", "steps", "epochs". */
  readonly unit: string;
  /** Seconds until this stage ends, once enough is known to say so. */
  readonly secondsLeft?: number;
}
