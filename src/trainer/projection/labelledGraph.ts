import { eitherHolds, type FuzzyGraph } from './fuzzyGraph';

/** How far an item without a label is from every other, as in UMAP. */
const UNKNOWN = 1;
/** UMAP's distance between two labels at weight 0; it grows without end towards weight 1. */
const FAR = 2.5;
const INFINITE = 1e12;

/**
 * The graph with the edges between different labels weakened, as in supervised UMAP (the intersection of the data's fuzzy set with
 * that of its labels): each such edge is multiplied by exp(-2.5 / (1 - weight)), one to an item without a label by exp(-1). Then every item is
 * held fully by its strongest edge again, and both directions are joined.
 * @param labels code of each item's label, -1 for none
 * @param weight of the labels, from 0 to 1: at 1 no edge joins two labels
 */
export function drawnByLabels(graph: FuzzyGraph, labels: ArrayLike<number>, weight: number): FuzzyGraph {
  const apart = Math.exp(-(weight < 1 ? FAR / (1 - weight) : INFINITE));
  const unknown = Math.exp(-UNKNOWN);
  const factor = (a: number, b: number): number => {
    if (a === -1 || b === -1) return unknown;
    return a === b ? 1 : apart;
  };
  const weights = graph.weights.map(
    (value, edge) => value * factor(labels[graph.rows[edge]], labels[graph.columns[edge]]),
  );
  return reconnected(without0({ ...graph, weights }), labels.length);
}

function without0({ rows, columns, weights }: FuzzyGraph): FuzzyGraph {
  const isKept = (_: number, edge: number): boolean => weights[edge] > 0;
  return {
    rows: rows.filter(isKept),
    columns: columns.filter(isKept),
    weights: weights.filter((weight) => weight > 0),
  };
}

/** Every row divided by its greatest weight, then both directions joined. */
function reconnected(graph: FuzzyGraph, items: number): FuzzyGraph {
  const { rows, columns, weights } = graph;
  const strongest = new Float64Array(items);
  weights.forEach((weight, edge) => (strongest[rows[edge]] = Math.max(strongest[rows[edge]], weight)));
  const back = reversedEdges(graph, items);
  const share = (edge: number): number => weights[edge] / strongest[rows[edge]];
  return { rows, columns, weights: weights.map((_, edge) => eitherHolds(share(edge), share(back[edge]))) };
}

/** Of each edge the one in the other direction: rows and columns ascend, so the edges that lead to an item are met in its own order. */
function reversedEdges({ rows, columns }: FuzzyGraph, items: number): Int32Array {
  const next = new Int32Array(items + 1);
  for (const row of rows) next[row + 1]++;
  for (let item = 0; item < items; item++) next[item + 1] += next[item];
  return Int32Array.from(columns, (column) => next[column]++);
}
