import type { Progress, TrainingMetrics, TrainingProgress } from '../../trainer/protocol';
import type { Translate } from './l10n';

/** "Reading images: 1,200 of 3,800 images, 12 s left". */
export function progressText(progress: Progress, t: Translate): string {
  const parts = [progress.stage];
  if (progress.total > 0) {
    parts.push(t('{0} of {1} {2}', count(progress.done), count(progress.total), progress.unit));
  }
  const left = timeLeft(progress, t);
  return [parts.join(': '), ...(left === undefined ? [] : [left])].join(', ');
}

/** "Training: step 120 of 900, loss 1.23, Recall@1 45%, 1 min 20 s left". Measures are the newest that were reported. */
export function trainingText(progress: TrainingProgress, latest: LatestMetrics, t: Translate): string {
  return [
    progress.total > 0
      ? t('{0}: {1} of {2} {3}', progress.stage, count(progress.done), count(progress.total), progress.unit)
      : progress.stage,
    ...(latest.loss === undefined ? [] : [t('loss {0}', latest.loss.toFixed(3))]),
    ...(latest.recallAt1 === undefined ? [] : [t('Recall@1 {0}', percent(latest.recallAt1))]),
    ...[timeLeft(progress, t)].filter((text) => text !== undefined),
  ].join(', ');
}

/** The newest of each measure; Recall@1 is not measured at every step. */
export interface LatestMetrics {
  readonly loss?: number;
  readonly recallAt1?: number;
}

export function latestMetrics(before: LatestMetrics, metrics: TrainingMetrics | undefined): LatestMetrics {
  if (metrics === undefined) return before;
  return {
    ...before,
    loss: metrics.loss,
    ...(metrics.recallAt1 === undefined ? {} : { recallAt1: metrics.recallAt1 }),
  };
}

export function timeLeft(progress: Progress, t: Translate): string | undefined {
  return progress.secondsLeft === undefined ? undefined : t('{0} left', duration(progress.secondsLeft, t));
}

/** "50 s", "2 min 5 s", "1 h 3 min". */
export function duration(seconds: number, t: Translate): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return t('{0} s', whole);
  if (whole < 3600) return t('{0} min {1} s', Math.floor(whole / 60), whole % 60);
  return t('{0} h {1} min', Math.floor(whole / 3600), Math.floor((whole % 3600) / 60));
}

export function count(value: number): string {
  return value.toLocaleString('en');
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}

/** "1.2 MB", in steps of 1,000. */
export function bytes(size: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const step = size < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(size) / 3));
  return `${(size / 1000 ** step).toFixed(step === 0 ? 0 : 1)} ${units[step] ?? ''}`;
}
