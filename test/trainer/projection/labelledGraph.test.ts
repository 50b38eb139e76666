import { UMAP } from 'umap-js';
import { describe, expect, it } from 'vitest';
import { nearestOf } from '../../../src/trainer/neighbours/exact';
import { fuzzyGraph } from '../../../src/trainer/projection/fuzzyGraph';
import { drawnByLabels } from '../../../src/trainer/projection/labelledGraph';
import { unitRows } from '../neighbours/rows';

const ROWS = 80;
const matrix = unitRows(ROWS, 6, 2);
const lists = Array.from({ length: ROWS }, (_, item) => nearestOf(matrix, item, 7));
const graph = fuzzyGraph({
  k: 7,
  indices: Int32Array.from(lists.flatMap(({ items }) => [...items])),
  distances: Float32Array.from(lists.flatMap(({ distances }) => [...distances])),
});
const labels = Int32Array.from({ length: ROWS }, (_, item) => (item % 11 === 0 ? -1 : item % 3));

interface Internal {
  graph: { entries: Map<string, { value: number; row: number; col: number }> };
}

/** The graph that umap-js makes of the same neighbours and labels. */
function theirs(targetWeight: number): Map<string, number> {
  const umap = new UMAP({ nNeighbors: 8, nEpochs: 1, random: () => 0.5 });
  umap.setPrecomputedKNN(
    lists.map(({ items }, item) => [item, ...items]),
    lists.map(({ distances }) => [0, ...distances]),
  );
  umap.setSupervisedProjection([...labels], { targetWeight });
  umap.initializeFit(Array.from({ length: ROWS }, (_, item) => [item]));
  const edges = [...(umap as unknown as Internal).graph.entries.values()];
  return new Map(edges.filter(({ value }) => value > 0).map(({ row, col, value }) => [`${row} ${col}`, value]));
}

describe('drawnByLabels', () => {
  it.each([0.1, 0.5, 0.9])('weakens edges as umap-js does, at the weight %s', (weight) => {
    const ours = drawnByLabels(graph, labels, weight);
    const wanted = theirs(weight);
    expect(ours.weights.length).toBe(wanted.size);
    ours.weights.forEach((value, edge) =>
      expect(value).toBeCloseTo(wanted.get(`${ours.rows[edge]} ${ours.columns[edge]}`)!, 9),
    );
  });

  it('leaves no edge between two labels at weight 1, and stays symmetric', () => {
    const { rows, columns, weights } = drawnByLabels(graph, labels, 1);
    const byPair = new Map(Array.from(rows, (row, edge) => [`${row} ${columns[edge]}`, weights[edge]]));
    rows.forEach((row, edge) => {
      const [a, b] = [labels[row], labels[columns[edge]]];
      expect(a === b || a === -1 || b === -1).toBe(true);
      expect(byPair.get(`${columns[edge]} ${row}`)).toBe(weights[edge]);
    });
  });
});
