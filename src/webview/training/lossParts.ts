import type { LossSettings, TrainingMetrics } from '../../trainer/protocol';
import { pointsOf } from './insight';
import type { Series } from './lineChart';
import { RUN_COLOURS } from './marks';
import { partNames } from './runWords';
import { smoothed } from './smoothing';

/** What each part of a sum of losses adds to it: its running mean, in a colour of its own. None for a single loss. */
export function partSeries(curve: readonly TrainingMetrics[], loss: LossSettings, smoothing: number): Series[] {
  return partNames(loss)
    .map((name, place): Series => {
      const points = pointsOf(curve, ({ lossParts }) => lossParts?.[place]);
      return { name, points: smoothed(points, smoothing), look: 'main', colour: place % RUN_COLOURS };
    })
    .filter(({ points }) => points.length > 0);
}
