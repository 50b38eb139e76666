import { describe, expect, it } from 'vitest';
import { TIMED_STEPS } from '../../../src/trainer/training/budget';
import { DEFAULT_SCHEDULE, rateAt } from '../../../src/trainer/training/schedule';
import type { ScheduleSettings } from '../../../src/trainer/types/training';

const cosine: ScheduleSettings = { kind: 'cosine', warmUp: 20 };
const ALL: ScheduleSettings[] = [
  cosine,
  { kind: 'cosine', warmUp: 0 },
  { kind: 'linear', warmUp: 5 },
  { kind: 'constant', warmUp: 3 },
  { kind: 'step', warmUp: 2, every: 4, factor: 0.5 },
];

describe('the schedule', () => {
  it('by default warms up over 20 steps, then falls along half a cosine to nearly nothing', () => {
    expect(DEFAULT_SCHEDULE).toEqual(cosine);
    expect(rateAt(cosine, 0, 400)).toBeCloseTo(1 / 20);
    expect(rateAt(cosine, 19, 400)).toBe(1);
    expect(rateAt(cosine, 20 + (380 >> 1) - 1, 400)).toBeCloseTo(0.5, 1);
    expect(rateAt(cosine, 399, 400)).toBeLessThan(1e-4);
    expect(rateAt(cosine, 399, 400)).toBeGreaterThan(0);
    for (let step = 20; step < 400; step++) {
      expect(rateAt(cosine, step, 400)).toBe(0.5 * (1 + Math.cos((Math.PI * (step - 19)) / 381)));
    }
  });

  it('falls along a line', () => {
    const linear: ScheduleSettings = { kind: 'linear', warmUp: 10 };
    expect([4, 9, 10, 14, 19].map((step) => rateAt(linear, step, 20))).toEqual(
      [0.5, 1, 10 / 11, 6 / 11, 1 / 11].map((v) => expect.closeTo(v, 9) as number),
    );
  });

  it('stays, or falls in steps', () => {
    expect([0, 1, 2, 300].map((step) => rateAt({ kind: 'constant', warmUp: 2 }, step, 400))).toEqual([0.5, 1, 1, 1]);
    const steps: ScheduleSettings = { kind: 'step', warmUp: 2, every: 3, factor: 0.1 };
    expect([0, 1, 2, 4, 5, 8].map((step) => rateAt(steps, step, 9))).toEqual([0.5, 1, 1, 1, 0.1, expect.closeTo(0.01)]);
  });

  it.each(ALL)('%o does not depend on the length while the steps are timed', (schedule) => {
    for (let step = 0; step < TIMED_STEPS; step++) expect(rateAt(schedule, step, 0)).toBe(rateAt(schedule, step, 1000));
  });

  it.each(ALL)('%o stays within (0, 1]', (schedule) => {
    for (let step = 0; step < 60; step++) {
      expect(rateAt(schedule, step, 60)).toBeGreaterThan(0);
      expect(rateAt(schedule, step, 60)).toBeLessThanOrEqual(1);
    }
  });
});
