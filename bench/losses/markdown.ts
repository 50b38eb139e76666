import type { Figures, Trained } from './measured';

/** One row for one seed. */
export interface Entry extends Figures, Partial<Pick<Trained, 'seconds' | 'steps' | 'activeShare'>> {
  /** What was trained: the settings as JSON. */
  readonly key: string;
  readonly name: string;
  readonly miner: string;
  readonly seed: number;
}

/** The entries as a table: means over the seeds, with the means of the 95 % intervals. */
export function markdown(entries: readonly Entry[]): string {
  const rows = new Set(entries.map(({ name, miner }) => `${name} | ${miner}`));
  const lines = [...rows].map((row) => {
    const of = entries.filter(({ name, miner }) => `${name} | ${miner}` === row);
    const seconds = of[0].seconds === undefined ? '' : mean(of.map((entry) => entry.seconds ?? 0)).toFixed(0);
    return `| ${[row, figure(of, 'recallAt1'), figure(of, 'mapAtR'), seconds].join(' | ')} |`;
  });
  return ['| loss | miner | Recall@1 | MAP@R | seconds |', '| --- | --- | --- | --- | --- |', ...lines].join('\n');
}

function figure(entries: readonly Entry[], measure: 'recallAt1' | 'mapAtR'): string {
  const of = (value: (entry: Entry) => number): string => mean(entries.map(value)).toFixed(3);
  const low = of(({ intervals }) => intervals[measure].low);
  const high = of(({ intervals }) => intervals[measure].high);
  return `${of((entry) => entry[measure])} (${low} to ${high})`;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
