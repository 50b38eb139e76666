/** Nested clusters, without what they contain. */
export interface ClusterTree {
  /** Of each cluster the one that it is a part of, -1 for a whole one; parents come before their parts. */
  readonly parents: Int32Array;
  /** Of each item, the smallest cluster that it is in; -1 for none. */
  readonly clusterOf: Int32Array;
  /** How surely it belongs to its whole cluster, 0 to 1. */
  readonly probabilities: Float32Array;
}

/** Gathers nested clusters, then puts them in order. */
export class ClusterTreeBuilder {
  private readonly parents: number[] = [];
  readonly clusterOf: Int32Array;
  readonly probabilities: Float32Array;

  constructor(items: number) {
    this.clusterOf = new Int32Array(items).fill(-1);
    this.probabilities = new Float32Array(items);
  }

  /** Makes a cluster of items of `parent`; -1 for a whole one. */
  add(parent: number, members: Int32Array): number {
    const id = this.parents.push(parent) - 1;
    for (const item of members) {
      this.clusterOf[item] = id;
      if (parent < 0) this.probabilities[item] = 1;
    }
    return id;
  }

  /** Renumbered: whole clusters by falling size, then their parts in the same way, depth by depth. */
  build(): ClusterTree {
    const { parents, clusterOf, probabilities } = this;
    const depths = depthsOf(parents);
    const sizes = clusterSizes({ parents: Int32Array.from(parents), clusterOf });
    const placeOf = new Int32Array(parents.length);
    const order: number[] = [];
    for (let depth = 0; order.length < parents.length; depth++) {
      const level = parents.map((_, id) => id).filter((id) => depths[id] === depth);
      level.sort(
        (a, b) => parentPlace(parents[a], placeOf) - parentPlace(parents[b], placeOf) || sizes[b] - sizes[a] || a - b,
      );
      for (const id of level) placeOf[id] = order.push(id) - 1;
    }
    return {
      parents: Int32Array.from(order, (id) => (parents[id] < 0 ? -1 : placeOf[parents[id]])),
      clusterOf: clusterOf.map((id) => (id < 0 ? -1 : placeOf[id])),
      probabilities,
    };
  }
}

function parentPlace(parent: number, placeOf: Int32Array): number {
  return parent < 0 ? -1 : placeOf[parent];
}

/** 0 for whole clusters, 1 for their parts, and so on. */
export function depthsOf(parents: ArrayLike<number>): Int32Array {
  const depths = new Int32Array(parents.length);
  for (let id = 0; id < parents.length; id++) depths[id] = parents[id] < 0 ? 0 : depths[parents[id]] + 1;
  return depths;
}

/** Items of each cluster, those of its parts among them. */
export function clusterSizes({ parents, clusterOf }: Pick<ClusterTree, 'parents' | 'clusterOf'>): Int32Array {
  const sizes = new Int32Array(parents.length);
  for (const id of clusterOf) if (id >= 0) sizes[id]++;
  for (let id = parents.length - 1; id >= 0; id--) if (parents[id] >= 0) sizes[parents[id]] += sizes[id];
  return sizes;
}

/** Items of each cluster, those of its parts among them, ascending. */
export function clusterMembers(tree: Pick<ClusterTree, 'parents' | 'clusterOf'>): Int32Array[] {
  const { parents, clusterOf } = tree;
  const members = Array.from(clusterSizes(tree), (size) => new Int32Array(size));
  const filled = new Int32Array(members.length);
  clusterOf.forEach((smallest, item) => {
    for (let id = smallest; id >= 0; id = parents[id]) members[id][filled[id]++] = item;
  });
  return members;
}

/** Each item's cluster of at most a depth; -1 for none. */
export function clustersAtDepth(
  { parents, clusterOf }: Pick<ClusterTree, 'parents' | 'clusterOf'>,
  depth: number,
): Int32Array {
  const depths = depthsOf(parents);
  const shown = Int32Array.from(parents, (_, id) => {
    let at = id;
    while (depths[at] > depth) at = parents[at];
    return at;
  });
  return clusterOf.map((id) => (id < 0 ? -1 : shown[id]));
}
