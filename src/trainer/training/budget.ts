/** Steps that are timed before minutes become steps. Fewer than the warm-up: until then nothing depends on the length. */
export const TIMED_STEPS = 10;
/** The first steps are slower: memory is being laid out. They do not count. */
const SETTLING_STEPS = 2;
/** How often a run is measured. */
const MEASURES = 10;
/** Embedding an image costs about this share of training on it. */
const FORWARD_SHARE = 0.35;

export interface Timing {
  /** Seconds of each step so far. */
  readonly stepSeconds: readonly number[];
  /** Seconds since the budget began. */
  readonly elapsed: number;
  readonly batchSize: number;
  /** Images that one measure embeds. */
  readonly measured: number;
}

/** How many steps fit into the minutes, with the measures. At least the steps that were timed. */
export function stepsFor(minutes: number, { stepSeconds, elapsed, batchSize, measured }: Timing): number {
  const settled = stepSeconds.slice(Math.min(SETTLING_STEPS, stepSeconds.length - 1));
  const perStep = Math.max([...settled].sort((a, b) => a - b)[settled.length >> 1], 1e-4);
  const measures = MEASURES * measured * (perStep / batchSize) * FORWARD_SHARE;
  const left = minutes * 60 - elapsed;
  const forSteps = Math.max(left - measures, left / 2);
  return Math.max(stepSeconds.length, stepSeconds.length + Math.floor(forSteps / perStep));
}

/** How often the held-out items were measured after step `from`, up to step `to`. */
export function measuresBetween(from: number, to: number, steps: number): number {
  const every = Math.max(1, Math.ceil(steps / MEASURES));
  return Math.floor(to / every) - Math.floor(from / every);
}

/** Whether the held-out items are measured after `done` steps: about ten times a run, and at its end. */
export function isMeasured(done: number, steps: number): boolean {
  return done === steps || done % Math.max(1, Math.ceil(steps / MEASURES)) === 0;
}
