import type { TrainingMetrics, TrainingSettings } from '../../trainer/protocol';
import type { Series } from './lineChart';
import type { ChartPoint } from './smoothing';

/** The points of one value of a curve; steps at which it was not measured are left out. */
export function pointsOf(
  curve: readonly TrainingMetrics[],
  value: (metrics: TrainingMetrics) => number | undefined,
): ChartPoint[] {
  return curve.flatMap((metrics) => {
    const one = value(metrics);
    return one === undefined || !Number.isFinite(one) ? [] : [{ step: metrics.step, value: one }];
  });
}

/** Values beside the chart's own, each with a colour and mark of its own; those that were never measured are left out. */
export function moreSeries(
  curve: readonly TrainingMetrics[],
  values: readonly { readonly name: string; readonly of: (metrics: TrainingMetrics) => number | undefined }[],
): Series[] {
  return values
    .map(({ name, of }, i): Series => ({ name, points: pointsOf(curve, of), look: 'measured', colour: i + 1 }))
    .filter(({ points }) => points.length > 0);
}

/** Beside Recall@1 on the images that were held out first of all. */
export const QUALITY: Parameters<typeof moreSeries>[1] = [
  { name: 'MAP@R', of: (metrics) => metrics.meanAveragePrecision },
  { name: 'Recall@1 of unseen items', of: (metrics) => metrics.unseenItems?.recallAt1 },
  { name: 'MAP@R of unseen items', of: (metrics) => metrics.unseenItems?.meanAveragePrecision },
];

/** How far the embeddings are spread: 1 when all directions are used alike, 0 when all embeddings are the same. */
export function spreadOf(metrics: TrainingMetrics): number | undefined {
  return metrics.spread?.deviation;
}

/** What to do when the newest measure says that the embeddings fell together; undefined while all is well. */
export function collapseWarning(
  curve: readonly TrainingMetrics[],
  supervision?: TrainingSettings['supervision'],
): string | undefined {
  const last = curve.findLast(({ spread }) => spread !== undefined);
  if (last?.spread?.collapsed !== true) return undefined;
  const remedy =
    supervision === 'pairs'
      ? 'Stop, and train with more pairs that are different (nothing else pushes items apart), or lower the learning rate.'
      : 'Lower the learning rate, or stop and train with another loss or larger batches.';
  return `At step ${last.step.toLocaleString('en')} nearly all items had the same embedding, so the model can tell nothing apart. ${remedy}`;
}
