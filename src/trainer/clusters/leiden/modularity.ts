import type { WeightedGraph } from './weightedGraph';

/**
 * Newman's modularity with a resolution (Reichardt and Bornholdt 2006): the share of the weight that lies inside of communities, less
 * what it would be if edges were drawn by chance with the same strengths. 0 for a graph without edges.
 */
export function modularity(graph: WeightedGraph, communityOf: Int32Array, resolution: number): number {
  const { nodes, starts, targets, weights, strengths, total } = graph;
  if (total === 0) return 0;
  const inside = new Float64Array(nodes);
  const strength = new Float64Array(nodes);
  for (let node = 0; node < nodes; node++) {
    const community = communityOf[node];
    strength[community] += strengths[node];
    for (let edge = starts[node]; edge < starts[node + 1]; edge++)
      if (communityOf[targets[edge]] === community) inside[community] += weights[edge];
  }
  return inside.reduce((sum, weight, c) => sum + weight / total - resolution * (strength[c] / total) ** 2, 0);
}
