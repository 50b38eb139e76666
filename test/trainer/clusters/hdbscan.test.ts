import { describe, expect, it } from 'vitest';
import { clustersAtDepth, clusterSizes, depthsOf } from '../../../src/trainer/clusters/clusterTree';
import { condense } from '../../../src/trainer/clusters/hdbscan/condensedTree';
import { hdbscan, type HdbscanOptions } from '../../../src/trainer/clusters/hdbscan/hdbscan';
import { reachabilityTree } from '../../../src/trainer/clusters/hdbscan/spanningTree';
import { sortByWeight } from '../../../src/trainer/clusters/sortByWeight';
import type { NeighbourGraph } from '../../../src/trainer/neighbours/graph';
import type { Matrix } from '../../../src/trainer/store/matrix';
import { Random } from '../../../src/trainer/random';
import { unitRows } from '../neighbours/rows';
import golden from './golden/clusters.json' with { type: 'json' };
import { graphOf, groupsOnSphere, sameGroups } from './points';

const defaults: HdbscanOptions = { minSize: 5, minSamples: 5, selection: 'eom', levels: 2, seed: 1 };

function cluster(vectors: Matrix, options: Partial<HdbscanOptions> = {}): ReturnType<typeof hdbscan> {
  const all = { ...defaults, ...options };
  return hdbscan(vectors, graphOf(vectors, Math.max(all.minSamples, 15)), all);
}

describe('hdbscan', () => {
  it.each(golden.hdbscan)('finds the clusters of scikit-learn, as surely: $name', (set) => {
    const vectors = { data: Float32Array.from(set.rows), rows: set.items, dims: set.rows.length / set.items };
    const { minSize, minSamples } = set;
    const tree = cluster(vectors, { minSize, minSamples, selection: set.selection === 'leaf' ? 'leaf' : 'eom' });
    const labels = clustersAtDepth(tree, 0);
    // Equal distances can be merged in any order: scikit-learn itself differs by that much when the rows are shuffled. One more item,
    // on the border of two clusters, is left to that.
    expect(disagreement(set.labels, [...labels])).toBeLessThanOrEqual(set.ownDisagreement + 1);
    expect(new Set(labels).size).toBe(new Set(set.labels).size);
    if (disagreement(set.labels, [...labels]) > 0) return;
    tree.probabilities.forEach((found, item) => expect(found).toBeCloseTo(set.probabilities[item], 3));
  });

  it('splits clusters into parts that lie in them, and leaves what is too small in the whole', () => {
    // Four groups, in two pairs that are near each other.
    const vectors = groupsOnSphere(
      [
        [1, 0, 0, 0.1],
        [1, 0.35, 0, 0],
        [0, 0, 1, 0],
        [0, 0.35, 1, 0],
      ],
      40,
      0.03,
      5,
    );
    const tree = cluster(vectors, { minSize: 10, minSamples: 5 });
    const depths = depthsOf(tree.parents);
    tree.parents.forEach((parent, id) => expect(depths[id]).toBe(parent < 0 ? 0 : depths[parent] + 1));
    const sizes = clusterSizes(tree);
    tree.parents.forEach((parent, id) => expect(sizes[id]).toBeGreaterThanOrEqual(10 - (parent < 0 ? 0 : 10)));
    const finest = tree.clusterOf;
    const groups = new Set([0, 1, 2, 3].map((group) => finest[group * 40]));
    expect(groups.size).toBe(4);
  });

  it.each([0, 1, 2, 4])('%i items are noise', (rows) => {
    const tree = cluster(unitRows(rows, 3, 1));
    expect([...tree.clusterOf]).toEqual(Array<number>(rows).fill(-1));
    expect(tree.parents).toHaveLength(0);
  });

  it('has numbers that are numbers for duplicates, and one group of them for each place', () => {
    const corners = [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ];
    const vectors = {
      data: Float32Array.from(corners.flatMap((c) => Array<number[]>(12).fill(c)).flat()),
      rows: 36,
      dims: 3,
    };
    const tree = cluster(vectors);
    expect(
      sameGroups(
        clustersAtDepth(tree, 0),
        Array.from({ length: 36 }, (_, i) => Math.floor(i / 12)),
      ),
    ).toBe(true);
    expect(tree.probabilities.every((p) => p === 1)).toBe(true);
    const same = cluster({ data: new Float32Array(60).fill(0.5), rows: 20, dims: 3 });
    expect(same.probabilities.every(Number.isFinite)).toBe(true);
    const zeros = cluster({ data: new Float32Array(60), rows: 20, dims: 3 });
    expect(zeros.probabilities.every(Number.isFinite)).toBe(true);
  });
});

describe('reachabilityTree', () => {
  const vectors = groupsOnSphere(
    [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
      [1, 1, 1],
    ],
    60,
    0.1,
    2,
  );
  const graph = graphOf(vectors, 15);
  const total = (tree: { lengths: Float64Array }): number => tree.lengths.reduce((sum, length) => sum + length, 0);

  it('is as short as the shortest of all, by a naive search, with all compared', () => {
    const tree = reachabilityTree(vectors, graph, 5, 1);
    expect(tree.lengths).toHaveLength(vectors.rows - 1);
    expect(total(tree)).toBeCloseTo(naiveTreeLength(vectors, graph, 5), 3);
    expect([...tree.lengths]).toEqual([...tree.lengths].sort((a, b) => a - b));
  });

  it('is hardly longer from the neighbour graph, whose parts it joins', () => {
    const parts = reachabilityTree(vectors, graph, 5, 1, 0);
    const exact = reachabilityTree(vectors, graph, 5, 1);
    expect(parts.lengths).toHaveLength(vectors.rows - 1);
    expect(total(parts)).toBeGreaterThanOrEqual(total(exact) - 1e-4);
    expect(total(parts)).toBeLessThan(1.02 * total(exact));
    const minSize = 10;
    const sizes = (tree: typeof parts): number[] => condense(tree, vectors.rows, minSize).parents.map(() => 1);
    expect(sizes(parts).length).toBe(sizes(exact).length);
  });

  it('joins more parts than can be represented by more than one item each', () => {
    const pairs = unitRows(60, 8, 3);
    const doubled = { data: Float32Array.from([...pairs.data, ...pairs.data]), rows: 120, dims: 8 };
    const tree = reachabilityTree(doubled, graphOf(doubled, 1), 2, 1, 0);
    expect(tree.lengths).toHaveLength(119);
    expect(tree.lengths.filter((length) => length === 0)).toHaveLength(60);
  });
});

it('sorts weights by their bits, equal ones as they came', () => {
  const random = new Random(4);
  const weights = Float32Array.from({ length: 3000 }, (_, i) =>
    i % 5 === 0 ? 0.25 : random.next() * 10 ** random.integer(6),
  );
  const expected = [...weights.keys()].sort((a, b) => weights[a] - weights[b] || a - b);
  expect([...sortByWeight(weights)]).toEqual(expected);
  expect(sortByWeight(new Float32Array(0))).toHaveLength(0);
});

/** Prim's algorithm on the full matrix, in double precision. */
function naiveTreeLength({ data, rows, dims }: Matrix, graph: NeighbourGraph, minSamples: number): number {
  const distance = (a: number, b: number): number => {
    let sum = 0;
    for (let d = 0; d < dims; d++) sum += (data[a * dims + d] - data[b * dims + d]) ** 2;
    return Math.sqrt(sum);
  };
  const items = Array.from({ length: rows }, (_, i) => i);
  const core = items.map((i) => items.map((j) => distance(i, j)).sort((a, b) => a - b)[minSamples - 1]);
  expect(graph.k).toBeGreaterThanOrEqual(minSamples - 1);
  const inside = new Set([0]);
  let length = 0;
  while (inside.size < rows) {
    let [best, next] = [Infinity, -1];
    for (const a of inside)
      for (const b of items) {
        if (inside.has(b)) continue;
        const reach = Math.max(core[a], core[b], distance(a, b));
        if (reach < best) [best, next] = [reach, b];
      }
    length += best;
    inside.add(next);
  }
  return length;
}

/** Items outside of the best matching cluster; noise must be noise. */
function disagreement(a: readonly number[], b: readonly number[]): number {
  const counts = new Map<number, Map<number, number>>();
  let agree = 0;
  a.forEach((x, i) => {
    if (x < 0 || b[i] < 0) agree += x < 0 && b[i] < 0 ? 1 : 0;
    else {
      const inside = counts.get(x) ?? new Map<number, number>();
      counts.set(x, inside.set(b[i], (inside.get(b[i]) ?? 0) + 1));
    }
  });
  for (const inside of counts.values()) agree += Math.max(...inside.values());
  return a.length - agree;
}
