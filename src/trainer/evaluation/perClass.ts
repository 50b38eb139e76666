import type { ClassMeasures, Confusion } from '../types/evaluation';
import { measureValues, queryClasses } from './measures';
import type { QueryResults } from './queries';

const MOST_CONFUSIONS = 200;
const EXAMPLES = 3;

/** Names of the labels, and how many items were searched of each. */
export interface ClassNames {
  readonly nameOf: (label: number) => string;
  readonly itemsOf: (label: number) => number;
}

/** The measures of each class that has queries, by name. */
export function classMeasures(results: QueryResults, nearestLabels: Int32Array, names: ClassNames): ClassMeasures[] {
  const { classOf, sizes, labels } = queryClasses(results.labels);
  const values = measureValues(results);
  const mean = (of: Float64Array): Float64Array => {
    const sums = new Float64Array(sizes.length);
    of.forEach((value, query) => (sums[classOf[query]] += value));
    return sums.map((sum, c) => sum / sizes[c]);
  };
  const recallAt1 = mean(values.recallAt1);
  const rPrecision = mean(values.rPrecision);
  const mapAtR = mean(values.mapAtR);
  const confused = new Map<number, Pair>();
  for (const pair of pairsOf(results, nearestLabels)) if (!confused.has(pair.label)) confused.set(pair.label, pair);
  const rows = Array.from(labels, (label, c) => {
    const worst = confused.get(label);
    return {
      label: names.nameOf(label),
      items: names.itemsOf(label),
      queries: sizes[c],
      recallAt1: recallAt1[c],
      rPrecision: rPrecision[c],
      mapAtR: mapAtR[c],
      ...(worst === undefined
        ? {}
        : { takenFor: { label: names.nameOf(worst.takenFor), count: worst.queries.length } }),
    };
  });
  return rows.sort((a, b) => (a.label < b.label ? -1 : a.label > b.label ? 1 : 0));
}

/**
 * Which class is taken for which, by the nearest neighbour; the most frequent first, then those that are the larger share of
 * their class.
 * @param itemOf the item of a row of the results
 */
export function confusionsOf(
  results: QueryResults,
  nearestLabels: Int32Array,
  names: ClassNames,
  itemOf: (row: number) => number,
): Confusion[] {
  return pairsOf(results, nearestLabels)
    .slice(0, MOST_CONFUSIONS)
    .map(({ label, takenFor, queries, share }) => ({
      label: names.nameOf(label),
      takenFor: names.nameOf(takenFor),
      count: queries.length,
      share,
      examples: queries
        .toSorted((a, b) => results.similarity[b] - results.similarity[a] || a - b)
        .slice(0, EXAMPLES)
        .map((query) => ({
          item: itemOf(results.rows[query]),
          nearest: itemOf(results.nearest[query]),
          similarity: results.similarity[query],
        })),
    }));
}

interface Pair {
  readonly label: number;
  readonly takenFor: number;
  readonly queries: number[];
  readonly share: number;
}

/** All pairs of classes that are confused, sorted. */
function pairsOf({ labels }: QueryResults, nearestLabels: Int32Array): Pair[] {
  const { classOf, sizes } = queryClasses(labels);
  const pairs = new Map<string, Pair>();
  labels.forEach((label, query) => {
    const takenFor = nearestLabels[query];
    if (takenFor === label) return;
    const key = `${label} ${takenFor}`;
    const known = pairs.get(key);
    const queries = known === undefined ? [query] : known.queries;
    if (known !== undefined) queries.push(query);
    pairs.set(key, { label, takenFor, queries, share: queries.length / sizes[classOf[query]] });
  });
  return [...pairs.values()].sort(
    (a, b) => b.queries.length - a.queries.length || b.share - a.share || a.label - b.label || a.takenFor - b.takenFor,
  );
}
