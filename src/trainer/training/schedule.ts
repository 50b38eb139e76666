import type { ScheduleSettings } from '../types/training';
import { TIMED_STEPS } from './budget';
import { DEFAULT_SCHEDULES } from './choices';

export const DEFAULT_SCHEDULE: ScheduleSettings = DEFAULT_SCHEDULES.cosine;

/**
 * Share of the learning rate at step `step` (from 0): rises linearly over the warm-up, then stays (`constant`), falls to 0 along
 * half a cosine (Loshchilov and Hutter 2017) or a line, or is multiplied by `factor` every `every` steps.
 *
 * The warm-up is a number of steps, not a share of them, and nothing falls before the steps that are timed have passed: until then
 * a run that was given in minutes does not know how long it will be.
 * @param steps length of the run; 0 while it is not known.
 */
export function rateAt(schedule: ScheduleSettings, step: number, steps: number): number {
  if (step < schedule.warmUp) return (step + 1) / schedule.warmUp;
  if (schedule.kind === 'constant') return 1;
  if (schedule.kind === 'step') return schedule.factor ** Math.floor((step - schedule.warmUp) / schedule.every);
  const start = Math.max(schedule.warmUp, TIMED_STEPS);
  if (step < start || steps === 0) return 1;
  const past = step - start + 1;
  const whole = steps - start + 1;
  return schedule.kind === 'linear' ? 1 - past / whole : 0.5 * (1 + Math.cos((Math.PI * past) / whole));
}
