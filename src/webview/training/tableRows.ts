import type { TrainingMetrics } from '../../trainer/protocol';

const MOST_ROWS = 200;

/** All measured points and evenly chosen others, at most about `MOST_ROWS`, newest first. */
export function tableRows(points: readonly TrainingMetrics[]): TrainingMetrics[] {
  const stride = Math.max(1, Math.ceil(points.length / MOST_ROWS));
  return points
    .filter((point, i) => i % stride === 0 || i === points.length - 1 || point.recallAt1 !== undefined)
    .reverse();
}
