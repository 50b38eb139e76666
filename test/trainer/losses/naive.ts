/** The losses as plain loops in float64, written from their definitions: the oracle. */
import type { ClassLossSettings } from '../../../src/trainer/types/classLosses';
import type { LossSettings, TripletMiner } from '../../../src/trainer/types/training';

/** Those that compare the items of a batch with each other. */
export type PairLossSettings = Exclude<LossSettings, ClassLossSettings>;

export type Rows = readonly (readonly number[])[];

export interface NaiveValue {
  readonly loss: number;
  readonly activeShare: number;
}

function unit(row: readonly number[]): number[] {
  const length = Math.hypot(...row);
  return length === 0 ? row.map(() => 0) : row.map((x) => x / length);
}

const distance = (a: readonly number[], b: readonly number[]): number => Math.hypot(...a.map((x, i) => x - b[i]));
const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, i) => sum + x * b[i], 0);
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const mean = (values: readonly number[]): number => (values.length === 0 ? 0 : sum(values) / values.length);
const averageNonZero = (values: readonly number[]): number => mean(values.filter((x) => x > 0));
const share = (values: readonly number[], of: number): number =>
  of === 0 ? 0 : values.filter((x) => x > 0).length / of;

export function naiveLoss(settings: PairLossSettings, rows: Rows, labels: readonly number[]): NaiveValue {
  const points = rows.map(unit);
  if (settings.kind === 'contrastive') return contrastive(points, labels, settings);
  if (settings.kind === 'nt-xent') return ntXent(points, labels, settings.temperature);
  return settings.miner === 'batch-hard'
    ? batchHard(points, labels, settings.margin)
    : triplet(points, labels, settings.margin, settings.miner);
}

function contrastive(
  points: Rows,
  labels: readonly number[],
  margins: { positiveMargin: number; negativeMargin: number },
): NaiveValue {
  const pulls: number[] = [];
  const pushes: number[] = [];
  points.forEach((a, i) =>
    points.forEach((b, j) => {
      if (i === j) return;
      if (labels[i] === labels[j]) pulls.push(Math.max(0, distance(a, b) - margins.positiveMargin));
      else pushes.push(Math.max(0, margins.negativeMargin - distance(a, b)));
    }),
  );
  const all = [...pulls, ...pushes];
  return { loss: averageNonZero(pulls) + averageNonZero(pushes), activeShare: share(all, all.length) };
}

function triplet(
  points: Rows,
  labels: readonly number[],
  margin: number,
  miner: Exclude<TripletMiner, 'batch-hard'>,
): NaiveValue {
  const losses: number[] = [];
  let valid = 0;
  const minerMargin = Math.max(0.2, margin);
  for (let a = 0; a < points.length; a++)
    for (let p = 0; p < points.length; p++)
      for (let n = 0; n < points.length; n++) {
        if (p === a || labels[p] !== labels[a] || labels[n] === labels[a]) continue;
        valid++;
        const gap = distance(points[a], points[n]) - distance(points[a], points[p]);
        const kept = { all: gap <= minerMargin, hard: gap <= 0, 'semi-hard': gap > 0 && gap <= minerMargin }[miner];
        if (kept) losses.push(Math.max(0, margin - gap));
      }
  return { loss: averageNonZero(losses), activeShare: share(losses, valid) };
}

function batchHard(points: Rows, labels: readonly number[], margin: number): NaiveValue {
  const losses: number[] = [];
  points.forEach((a, i) => {
    const positives = points.filter((_, j) => j !== i && labels[j] === labels[i]).map((b) => distance(a, b));
    const negatives = points.filter((_, j) => labels[j] !== labels[i]).map((b) => distance(a, b));
    if (positives.length === 0 || negatives.length === 0) return;
    losses.push(Math.max(0, Math.max(...positives) - Math.min(...negatives) + margin));
  });
  return { loss: averageNonZero(losses), activeShare: share(losses, losses.length) };
}

function ntXent(points: Rows, labels: readonly number[], temperature: number): NaiveValue {
  const losses: number[] = [];
  points.forEach((a, i) => {
    const negatives = points.filter((_, j) => labels[j] !== labels[i]).map((b) => Math.exp(dot(a, b) / temperature));
    points.forEach((b, j) => {
      if (i === j || labels[i] !== labels[j]) return;
      const own = Math.exp(dot(a, b) / temperature);
      losses.push(-Math.log(own / (own + sum(negatives))));
    });
  });
  return { loss: mean(losses), activeShare: share(losses, losses.length) };
}
