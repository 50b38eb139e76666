import type { LossSettings, TrainingMetrics } from '../../trainer/protocol';
import { pointsOf } from './insight';
import type { Series } from './lineChart';
import { RUN_COLOURS } from './marks';
import { lossName } from './runWords';
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

/** "2 × Triplet"; parts of one kind and weight are numbered. */
export function partNames(loss: LossSettings): string[] {
  if (loss.kind !== 'sum') return [];
  const names = loss.parts.map(({ weight, loss: part }) =>
    weight === 1 ? lossName(part) : `${weight} × ${lossName(part)}`,
  );
  return names.map((name, place) => {
    if (names.indexOf(name) === names.lastIndexOf(name)) return name;
    return `${name} (${names.slice(0, place + 1).filter((other) => other === name).length})`;
  });
}
