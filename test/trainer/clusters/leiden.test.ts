import { describe, expect, it } from 'vitest';
import { clusterMembers, clusterSizes } from '../../../src/trainer/clusters/clusterTree';
import { communities } from '../../../src/trainer/clusters/leiden/communities';
import { leiden } from '../../../src/trainer/clusters/leiden/leiden';
import { modularity } from '../../../src/trainer/clusters/leiden/modularity';
import { refine } from '../../../src/trainer/clusters/leiden/refinement';
import {
  aggregate,
  eachEdge,
  fromEdges,
  renumber,
  type WeightedGraph,
} from '../../../src/trainer/clusters/leiden/weightedGraph';
import { Random } from '../../../src/trainer/random';
import { unitRows } from '../neighbours/rows';
import golden from './golden/clusters.json' with { type: 'json' };
import { graphOf, groupsOnSphere, sameGroups } from './points';

function graphFrom(nodes: number, edges: readonly (readonly number[])[]): WeightedGraph {
  return fromEdges(nodes, edges.length, (edge) => ({
    from: edges[edge][0],
    to: edges[edge][1],
    weight: edges[edge][2] ?? 1,
  }));
}

/** Modularity as it is defined: over all pairs of nodes, with a full matrix. */
function naiveModularity(
  nodes: number,
  edges: readonly (readonly number[])[],
  communityOf: Int32Array,
  resolution: number,
): number {
  const matrix = Array.from({ length: nodes }, () => new Float64Array(nodes));
  for (const [a, b, weight = 1] of edges) {
    matrix[a][b] += weight;
    matrix[b][a] += weight;
  }
  const strength = matrix.map((row) => row.reduce((sum, weight) => sum + weight, 0));
  const total = strength.reduce((sum, each) => sum + each, 0);
  let sum = 0;
  for (let a = 0; a < nodes; a++)
    for (let b = 0; b < nodes; b++)
      if (communityOf[a] === communityOf[b]) sum += matrix[a][b] - (resolution * strength[a] * strength[b]) / total;
  return sum / total;
}

function isConnected(graph: WeightedGraph, communityOf: Int32Array): boolean {
  const seen = new Set<number>();
  const started = new Set<number>();
  for (let start = 0; start < graph.nodes; start++) {
    if (seen.has(start)) continue;
    if (started.has(communityOf[start])) return false;
    started.add(communityOf[start]);
    const waiting = [start];
    seen.add(start);
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop())
      eachEdge(graph, node, (other) => {
        if (seen.has(other) || communityOf[other] !== communityOf[start]) return;
        seen.add(other);
        waiting.push(other);
      });
  }
  return true;
}

/** A random graph with weights, of several kinds. */
function randomEdges(nodes: number, count: number, seed: number): number[][] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => [
    random.integer(nodes),
    random.integer(nodes),
    0.1 + random.next(),
  ]).filter(([a, b]) => a !== b);
}

describe('modularity', () => {
  it('is its definition, for any resolution and for edges that come twice', () => {
    const edges = [...randomEdges(40, 150, 1), [0, 1, 1], [1, 0, 2]];
    const graph = graphFrom(40, edges);
    const random = new Random(2);
    for (const resolution of [0.5, 1, 3]) {
      const communityOf = Int32Array.from({ length: 40 }, () => random.integer(6));
      expect(modularity(graph, communityOf, resolution)).toBeCloseTo(
        naiveModularity(40, edges, communityOf, resolution),
        12,
      );
    }
  });

  it('is the same in the graph whose nodes are groups', () => {
    const edges = randomEdges(60, 200, 3);
    const graph = graphFrom(60, edges);
    const random = new Random(4);
    const parts = Int32Array.from({ length: 60 }, () => random.integer(15));
    const count = renumber(parts);
    const small = aggregate(graph, parts, count);
    const communityOfPart = Int32Array.from({ length: count }, (_, part) => part % 4);
    const whole = parts.map((part) => communityOfPart[part]);
    // What lies inside of a part is in its strength only: the difference is the same for all groupings of parts.
    const inside = modularity(graph, parts, 0);
    expect(modularity(small, communityOfPart, 1) + inside).toBeCloseTo(modularity(graph, whole, 1), 12);
  });
});

describe('leiden', () => {
  it.each(golden.communities)('is not worse than the mean of networkx’s Louvain, and near its best: $name', (set) => {
    const graph = graphFrom(set.nodes, set.edges);
    const values = [1, 2, 3, 4, 5].map((seed) => {
      const communityOf = leiden(graph, 1, new Random(seed));
      expect(isConnected(graph, communityOf)).toBe(true);
      return modularity(graph, communityOf, 1);
    });
    expect(Math.max(...values)).toBeGreaterThanOrEqual(set.louvainBest - 1e-3);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(set.louvainMean - 5e-3);
  });

  it('finds the best grouping of the karate club, which is known (0.4198)', () => {
    const set = golden.communities[0];
    const graph = graphFrom(set.nodes, set.edges);
    const best = Math.max(...[1, 2, 3].map((seed) => modularity(graph, leiden(graph, 1, new Random(seed)), 1)));
    expect(best).toBeCloseTo(0.4198, 4);
  });

  it('gives connected communities of any graph, that no move of a single node would better', () => {
    for (let seed = 1; seed <= 12; seed++) {
      const nodes = 30 + 10 * seed;
      const edges = randomEdges(nodes, nodes * (1 + (seed % 4)), seed);
      const graph = graphFrom(nodes, edges);
      const resolution = [0.3, 1, 4][seed % 3];
      const communityOf = leiden(graph, resolution, new Random(seed));
      expect(isConnected(graph, communityOf)).toBe(true);
      const value = modularity(graph, communityOf, resolution);
      expect(value).toBeGreaterThanOrEqual(
        modularity(
          graph,
          Int32Array.from(communityOf, (_, i) => i),
          resolution,
        ),
      );
      const moved = communityOf.slice();
      for (let node = 0; node < nodes; node++)
        eachEdge(graph, node, (other) => {
          moved[node] = communityOf[other];
          expect(modularity(graph, moved, resolution)).toBeLessThan(value + 2e-3);
          moved[node] = communityOf[node];
        });
    }
  });

  it('refines into connected parts inside of the communities', () => {
    for (let seed = 1; seed <= 6; seed++) {
      const graph = graphFrom(80, randomEdges(80, 240, seed));
      const random = new Random(seed);
      const communityOf = Int32Array.from({ length: 80 }, () => random.integer(5));
      const partOf = refine(graph, communityOf, 1, random);
      expect(isConnected(graph, partOf)).toBe(true);
      partOf.forEach((part, node) => expect(communityOf[part]).toBe(communityOf[node]));
      expect(new Set(partOf).size).toBeLessThan(80);
    }
  });

  it('makes more communities of a higher resolution, and the same of the same seed', () => {
    const graph = graphFrom(100, randomEdges(100, 400, 9));
    const count = (resolution: number): number => new Set(leiden(graph, resolution, new Random(1))).size;
    expect(count(0.2)).toBeLessThan(count(1));
    expect(count(1)).toBeLessThan(count(5));
    expect(leiden(graph, 1, new Random(3))).toEqual(leiden(graph, 1, new Random(3)));
  });

  it('leaves nodes without edges by themselves', () => {
    expect([...leiden(graphFrom(0, []), 1, new Random(1))]).toEqual([]);
    expect([...leiden(graphFrom(3, []), 1, new Random(1))]).toEqual([0, 1, 2]);
    expect(
      new Set(
        leiden(
          graphFrom(5, [
            [0, 1],
            [1, 2],
          ]),
          1,
          new Random(1),
        ),
      ).size,
    ).toBe(3);
    expect(modularity(graphFrom(3, []), Int32Array.of(0, 1, 2), 1)).toBe(0);
  });
});

describe('communities', () => {
  const options = { minSize: 5, resolution: 1, levels: 2, seed: 1 };
  const six = [
    [1, 0.3, 0, 0],
    [1, -0.3, 0, 0],
    [0, 1, 0.3, 0],
    [0, 1, -0.3, 0],
    [0, 0, 0, 1],
    [0, 0, -1, 0.2],
  ];
  const vectors = groupsOnSphere(six, 60, 0.04, 3);
  const graph = graphOf(vectors, 15);

  it('are the groups, and have parts that lie in them', () => {
    const { tree, modularity: value } = communities(graph, vectors.rows, options);
    expect(value).toBeGreaterThan(0.7);
    const whole = clusterMembers(tree).filter((_, id) => tree.parents[id] < 0);
    for (const members of whole) expect(new Set(Array.from(members, (item) => Math.floor(item / 60))).size).toBe(1);
    const sizes = clusterSizes(tree);
    expect([...sizes].every((size) => size >= 5)).toBe(true);
    const wholeSizes = whole.map(({ length }) => length);
    expect(wholeSizes).toEqual([...wholeSizes].sort((a, b) => b - a));
  });

  it('are the same for the same seed', () => {
    expect(communities(graph, vectors.rows, options)).toEqual(communities(graph, vectors.rows, options));
  });

  it('count small ones as noise, and need no items at all', () => {
    const { tree } = communities(graph, vectors.rows, { ...options, minSize: 1000 });
    expect([...new Set(tree.clusterOf)]).toEqual([-1]);
    for (const rows of [0, 1, 2]) {
      const few = unitRows(rows, 3, 1);
      expect(communities(graphOf(few, 15), rows, options).tree.parents).toHaveLength(0);
    }
    const same = { data: new Float32Array(60).fill(0.5), rows: 20, dims: 3 };
    const found = communities(graphOf(same, 15), 20, options).tree.clusterOf;
    expect(found.every((id) => id >= -1)).toBe(true);
  });

  it('never join what the neighbour graph keeps apart', () => {
    const far = groupsOnSphere(
      [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
      30,
      0.02,
      4,
    );
    const { tree } = communities(graphOf(far, 8), 90, { ...options, levels: 0, resolution: 0.01 });
    expect(
      sameGroups(
        tree.clusterOf,
        Array.from({ length: 90 }, (_, i) => Math.floor(i / 30)),
      ),
    ).toBe(true);
  });
});
