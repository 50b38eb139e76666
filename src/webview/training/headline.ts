import type { RunSummary, TrainingMetrics, TrainingProgress } from '../../trainer/protocol';
import { formatCount, formatDuration } from '../shell/format';
import { baselineName } from './runWords';

/** One large number, what it is, and what to make of it. */
export interface Figure {
  readonly name: string;
  readonly value: string;
  readonly note?: string;
  readonly tone?: 'good' | 'bad';
}

export interface Headline {
  readonly run: RunSummary | undefined;
  readonly progress: TrainingProgress | undefined;
  readonly last: TrainingMetrics | undefined;
  readonly best: { readonly step: number; readonly recallAt1: number } | undefined;
}

/** Recall as it is said everywhere: two digits after the point. */
export function recallWords(recall: number): string {
  return recall.toFixed(2);
}

/** "+0.28 above raw pixels", "0.03 below the frozen features". */
export function gainWords(recall: number, baseline: number, name: string): string {
  const gain = recall - baseline;
  return gain >= 0 ? `+${gain.toFixed(2)} above ${name}` : `${Math.abs(gain).toFixed(2)} below ${name}`;
}

export function figures({ run, progress, last, best }: Headline): Figure[] {
  const live = run === undefined || run.state === 'running';
  const step = last?.step ?? run?.step ?? 0;
  const steps = run?.steps ?? 0;
  const shown: Figure[] = [
    bestFigure(run, best),
    { name: 'Step', value: formatCount(step), ...(steps > 0 ? { note: `of ${formatCount(steps)}` } : {}) },
  ];
  shown.push({ name: 'Items a second', value: last ? formatCount(Math.round(last.imagesPerSecond)) : '…' });
  if (live) {
    const seconds = progress?.secondsLeft;
    shown.push({ name: 'Time left', value: seconds === undefined ? '…' : formatDuration(seconds) });
  } else shown.push({ name: 'Trained for', value: last ? formatDuration(last.seconds) : '…' });
  return shown;
}

function bestFigure(run: RunSummary | undefined, best: Headline['best']): Figure {
  const name = 'Best Recall@1';
  if (!best) return { name, value: '…', note: 'not measured yet' };
  const baseline = run?.baselineRecallAt1;
  if (run === undefined || baseline === undefined)
    return { name, value: recallWords(best.recallAt1), note: `at step ${formatCount(best.step)}` };
  return {
    name,
    value: recallWords(best.recallAt1),
    note: gainWords(best.recallAt1, baseline, baselineName(run)),
    tone: best.recallAt1 > baseline ? 'good' : 'bad',
  };
}
