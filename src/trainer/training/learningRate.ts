import type { RateChange, TrainingSettings } from '../types/training';
import { DEFAULT_SCHEDULE, rateAt } from './schedule';

/** What the schedule's learning rate is multiplied by in step `step` (from 0): what the person said last before it, else 1. */
export function rateFactorAt(changes: readonly RateChange[], step: number): number {
  return changes.findLast((change) => change.step <= step)?.factor ?? 1;
}

/** A change takes the place of those that were made later in a future that will not come: the run went back to a checkpoint. */
export function withRateChange(changes: readonly RateChange[], change: RateChange): readonly RateChange[] {
  return [...changes.filter(({ step }) => step < change.step), change];
}

/**
 * The learning rate of step `step` (from 0).
 * @param steps length of the run; 0 while it is not known.
 */
export function learningRateAt(
  { learningRate, schedule = DEFAULT_SCHEDULE }: Pick<TrainingSettings, 'learningRate' | 'schedule'>,
  changes: readonly RateChange[],
  step: number,
  steps: number,
): number {
  return learningRate * rateAt(schedule, step, steps) * rateFactorAt(changes, step);
}
