import type { WeightedGraph } from './weightedGraph';

/** The weight that binds one node to each group beside it; made once and used again for each node. */
export class NeighbourWeights {
  /** By group; 0 for those that are not among `groups`. */
  readonly weights: Float64Array;
  groups: number[] = [];

  constructor(private readonly graph: WeightedGraph) {
    this.weights = new Float64Array(graph.nodes);
  }

  /** @param counts whether an edge to a node counts */
  look(node: number, groupOf: Int32Array, counts?: (other: number) => boolean): void {
    const { starts, targets, weights } = this.graph;
    for (const group of this.groups) this.weights[group] = 0;
    this.groups = [];
    for (let edge = starts[node]; edge < starts[node + 1]; edge++) {
      if (counts?.(targets[edge]) === false) continue;
      const group = groupOf[targets[edge]];
      if (this.weights[group] === 0) this.groups.push(group);
      this.weights[group] += weights[edge];
    }
  }
}
