/** The definitions of the measures, one query or pair after the other, in float64. */
import { eachMeasure } from '../../../src/trainer/evaluation/measures';
import type { RetrievalMeasures } from '../../../src/trainer/protocol';
import type { Rows } from '../neighbours/rows';

export interface NaiveQuery {
  readonly row: number;
  readonly label: number;
  readonly nearest: number;
  readonly measures: RetrievalMeasures;
}

export function naiveQueries({ data, rows, dims }: Rows, labels: Int32Array): NaiveQuery[] {
  const found: NaiveQuery[] = [];
  for (let query = 0; query < rows; query++) {
    if (labels[query] < 0) continue;
    const others = Array.from({ length: rows }, (_, i) => i).filter((i) => i !== query && labels[i] >= 0);
    const R = others.filter((i) => labels[i] === labels[query]).length;
    if (R === 0) continue;
    const ranked = others
      .map((i) => ({ i, s: dot({ data, rows, dims }, query, i) }))
      .sort((a, b) => b.s - a.s || a.i - b.i);
    const relevant = ranked.map(({ i }) => (labels[i] === labels[query] ? 1 : 0));
    const hits = (n: number): number => relevant.slice(0, n).reduce<number>((a, b) => a + b, 0);
    let precisions = 0;
    for (let i = 1; i <= R; i++) if (relevant[i - 1] === 1) precisions += hits(i) / i;
    const recall = (k: number): number => (hits(k) > 0 ? 1 : 0);
    const measures = {
      recallAt1: recall(1),
      recallAt2: recall(2),
      recallAt4: recall(4),
      recallAt5: recall(5),
      recallAt8: recall(8),
      recallAt10: recall(10),
      mrr: 1 / (relevant.indexOf(1) + 1),
      rPrecision: hits(R) / R,
      mapAtR: precisions / R,
    };
    found.push({ row: query, label: labels[query], nearest: ranked[0].i, measures });
  }
  return found;
}

export function naiveMicro(queries: readonly NaiveQuery[]): RetrievalMeasures {
  return eachMeasure((measure) => mean(queries.map((query) => query.measures[measure])));
}

export function naiveMacro(queries: readonly NaiveQuery[]): RetrievalMeasures {
  const labels = [...new Set(queries.map(({ label }) => label))];
  return eachMeasure((measure) =>
    mean(
      labels.map((label) =>
        mean(queries.filter((query) => query.label === label).map((query) => query.measures[measure])),
      ),
    ),
  );
}

export function dot({ data, dims }: Rows, a: number, b: number): number {
  let sum = 0;
  for (let d = 0; d < dims; d++) sum += data[a * dims + d] * data[b * dims + d];
  return sum;
}

export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((a, b) => a + b, 0) / values.length;
}
