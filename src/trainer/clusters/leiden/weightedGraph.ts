import type { NeighbourGraph } from '../../neighbours/graph';

/** An undirected graph, the edges of each node side by side; each edge is listed at both of its ends. */
export interface WeightedGraph {
  readonly nodes: number;
  /** Where the edges of each node start; one number more than there are nodes. */
  readonly starts: Int32Array;
  readonly targets: Int32Array;
  /** Above 0; two edges between the same nodes count together. */
  readonly weights: Float64Array;
  /** The weight of all ends of edges at a node, those of edges inside of it among them. */
  readonly strengths: Float64Array;
  /** The sum of all strengths: twice the weight of all edges. */
  readonly total: number;
}

/**
 * The neighbour graph without directions: an edge for each neighbour, of weight 1 - distance / 2, so that two items that are
 * neighbours of each other are bound twice as strongly as when one only is.
 */
export function fromNeighbours({ k, indices, distances }: NeighbourGraph, nodes: number): WeightedGraph {
  return fromEdges(nodes, indices.length, (edge) => ({
    from: Math.floor(edge / k),
    to: indices[edge],
    weight: 1 - distances[edge] / 2,
  }));
}

/** A graph of `count` edges between two nodes each; edges of no weight, and from a node to itself, are left out. */
export function fromEdges(
  nodes: number,
  count: number,
  edgeAt: (edge: number) => { readonly from: number; readonly to: number; readonly weight: number },
): WeightedGraph {
  const starts = new Int32Array(nodes + 1);
  const isEdge = ({ from, to, weight }: ReturnType<typeof edgeAt>): boolean => from !== to && weight > 0;
  for (let edge = 0; edge < count; edge++) {
    const found = edgeAt(edge);
    if (!isEdge(found)) continue;
    starts[found.from + 1]++;
    starts[found.to + 1]++;
  }
  for (let node = 0; node < nodes; node++) starts[node + 1] += starts[node];
  const filled = starts.slice(0, nodes);
  const targets = new Int32Array(starts[nodes]);
  const weights = new Float64Array(starts[nodes]);
  const strengths = new Float64Array(nodes);
  for (let edge = 0; edge < count; edge++) {
    const found = edgeAt(edge);
    if (!isEdge(found)) continue;
    const { from, to, weight } = found;
    targets[filled[from]] = to;
    weights[filled[from]++] = weight;
    targets[filled[to]] = from;
    weights[filled[to]++] = weight;
    strengths[from] += weight;
    strengths[to] += weight;
  }
  return { nodes, starts, targets, weights, strengths, total: strengths.reduce((sum, strength) => sum + strength, 0) };
}

/** The graph whose nodes are groups of nodes, numbered from 0. Edges inside a group count in its strength only. */
export function aggregate(graph: WeightedGraph, groupOf: Int32Array, groups: number): WeightedGraph {
  const { nodes, strengths, total } = graph;
  const byGroup = grouped(groupOf, groups);
  const together = new Float64Array(groups);
  const starts = new Int32Array(groups + 1);
  const targets: number[] = [];
  const weights: number[] = [];
  const merged = new Float64Array(groups);
  for (let node = 0; node < nodes; node++) merged[groupOf[node]] += strengths[node];
  for (let group = 0; group < groups; group++) {
    const touched: number[] = [];
    for (const node of byGroup[group])
      eachEdge(graph, node, (other, weight) => {
        const target = groupOf[other];
        if (target === group) return;
        if (together[target] === 0) touched.push(target);
        together[target] += weight;
      });
    for (const target of touched) {
      targets.push(target);
      weights.push(together[target]);
      together[target] = 0;
    }
    starts[group + 1] = targets.length;
  }
  const [to, weight] = [Int32Array.from(targets), Float64Array.from(weights)];
  return { nodes: groups, starts, targets: to, weights: weight, strengths: merged, total };
}

/** The graph of some nodes, numbered in their order, with the edges among them. */
export function subgraph(graph: WeightedGraph, members: Int32Array): WeightedGraph {
  const placeOf = new Map(Array.from(members, (node, place) => [node, place]));
  const edges: { from: number; to: number; weight: number }[] = [];
  members.forEach((node, from) =>
    eachEdge(graph, node, (other, weight) => {
      const to = placeOf.get(other);
      if (to !== undefined && from < to) edges.push({ from, to, weight });
    }),
  );
  return fromEdges(members.length, edges.length, (edge) => edges[edge]);
}

export function eachEdge(
  { starts, targets, weights }: WeightedGraph,
  node: number,
  visit: (other: number, weight: number) => void,
): void {
  for (let edge = starts[node]; edge < starts[node + 1]; edge++) visit(targets[edge], weights[edge]);
}

/** The members of each group, ascending. */
export function grouped(groupOf: Int32Array, groups: number): Int32Array[] {
  const sizes = new Int32Array(groups);
  for (const group of groupOf) sizes[group]++;
  const members = Array.from(sizes, (size) => new Int32Array(size));
  const filled = new Int32Array(groups);
  groupOf.forEach((group, node) => (members[group][filled[group]++] = node));
  return members;
}

/** Numbers groups from 0 in the order of their first node, in place. Gives how many there are. */
export function renumber(groupOf: Int32Array): number {
  const numbers = new Int32Array(groupOf.reduce((most, group) => Math.max(most, group + 1), 0)).fill(-1);
  let count = 0;
  groupOf.forEach((group, node) => {
    if (numbers[group] < 0) numbers[group] = count++;
    groupOf[node] = numbers[group];
  });
  return count;
}
