import { type Measure, MEASURES, type RetrievalMeasures } from '../types/evaluation';
import { type QueryOptions, type QueryResults, searchQueries } from './queries';

export interface RetrievalResult extends RetrievalMeasures {
  /** How many were measured: items with a label that at least one other item has too. */
  readonly queries: number;
}

/**
 * Tells how well each labelled item finds its own class among all the others, as Musgrave, Belongie and Lim 2020 define the
 * measures: means over the queries. See `searchQueries` for what is searched.
 *
 * @param data L2-normalised rows, row-major `rows` x `dims`
 * @param labels one code a row, -1 for none
 * @returns all 0 when there is no query
 */
export async function retrievalMeasures(
  data: Float32Array,
  rows: number,
  dims: number,
  labels: Int32Array,
  options: QueryOptions = {},
): Promise<RetrievalResult> {
  const results = await searchQueries(data, rows, dims, labels, options);
  return { ...microMeans(results), queries: results.rows.length };
}

/** For each measure, its value for each query. */
export type MeasureValues = Readonly<Record<Measure, Float64Array>>;

export function measureValues({ firstHit, rPrecision, averagePrecision }: QueryResults): MeasureValues {
  const within = (k: number): Float64Array => Float64Array.from(firstHit, (rank) => (rank <= k ? 1 : 0));
  return {
    recallAt1: within(1),
    recallAt2: within(2),
    recallAt4: within(4),
    recallAt5: within(5),
    recallAt8: within(8),
    recallAt10: within(10),
    mrr: Float64Array.from(firstHit, (rank) => 1 / rank),
    rPrecision,
    mapAtR: averagePrecision,
  };
}

/** One number for each measure. */
export function eachMeasure<T>(valueOf: (measure: Measure) => T): Readonly<Record<Measure, T>> {
  return Object.fromEntries(MEASURES.map((measure) => [measure, valueOf(measure)])) as Record<Measure, T>;
}

/** Means over the queries. */
export function microMeans(results: QueryResults): RetrievalMeasures {
  const values = measureValues(results);
  return eachMeasure((measure) => sum(values[measure]) / Math.max(1, results.rows.length));
}

/** Means over the classes that have queries, of the means over their queries. */
export function macroMeans(results: QueryResults): RetrievalMeasures {
  const values = measureValues(results);
  const { classOf, sizes } = queryClasses(results.labels);
  return eachMeasure((measure) => {
    const sums = new Float64Array(sizes.length);
    values[measure].forEach((value, query) => (sums[classOf[query]] += value));
    return sum(sums.map((value, c) => value / sizes[c])) / Math.max(1, sizes.length);
  });
}

/** The classes of the queries, numbered from 0 by their first query, with how many queries each has. */
export function queryClasses(labels: Int32Array): { classOf: Int32Array; sizes: Float64Array; labels: Int32Array } {
  const numbers = new Map<number, number>();
  const classOf = labels.map((label) => {
    const number = numbers.get(label) ?? numbers.size;
    numbers.set(label, number);
    return number;
  });
  const sizes = new Float64Array(numbers.size);
  for (const c of classOf) sizes[c]++;
  return { classOf, sizes, labels: Int32Array.from(numbers.keys()) };
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
