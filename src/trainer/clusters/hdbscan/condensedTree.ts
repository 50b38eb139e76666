import type { SpanningTree } from './spanningTree';

/**
 * The hierarchy of dense regions without splits in which one side has fewer than `minSize` items: a cluster that loses a few items
 * stays the same cluster. Lambda is the inverse of the distance.
 */
export interface CondensedTree {
  /** Of each cluster the one that it came out of; -1 for the first, which has all items. Parents come first. */
  readonly parents: readonly number[];
  /** The lambda at which each cluster came out of its parent; 0 for the first. */
  readonly births: readonly number[];
  /** The largest lambda at which something left the cluster. */
  readonly deaths: readonly number[];
  /** The sum over its items of how long, in lambda, they were in it. */
  readonly stabilities: readonly number[];
  /** The last cluster that each item was in, and the lambda at which it fell out of it. */
  readonly lastOf: Int32Array;
  readonly leaving: Float64Array;
}

/** @param minSize at least 2 */
export function condense(tree: SpanningTree, items: number, minSize: number): CondensedTree {
  const merges = new Merges(tree, items);
  const builder = new CondensedBuilder(items);
  const root = builder.cluster(-1, 0);
  if (items === 1) builder.leave(root, 0, 0);
  const waiting: [node: number, cluster: number][] = items > 1 ? [[merges.root, root]] : [];
  // What is added on the way is visited too.
  for (const [node, cluster] of waiting) {
    const lambda = merges.lambda(node);
    const sides = merges.sides(node);
    const isSplit = sides.every((side) => merges.size(side) >= minSize);
    if (isSplit) builder.lose(cluster, lambda, merges.size(node));
    for (const side of sides) {
      const isLarge = merges.size(side) >= minSize;
      // A large side is more than one item, as clusters have at least two.
      if (isLarge) waiting.push([side, isSplit ? builder.cluster(cluster, lambda) : cluster]);
      else merges.eachItem(side, (item) => builder.leave(cluster, item, lambda));
    }
  }
  return builder;
}

class CondensedBuilder implements CondensedTree {
  readonly parents: number[] = [];
  readonly births: number[] = [];
  readonly deaths: number[] = [];
  readonly stabilities: number[] = [];
  readonly lastOf: Int32Array;
  readonly leaving: Float64Array;

  constructor(items: number) {
    this.lastOf = new Int32Array(items);
    this.leaving = new Float64Array(items);
  }

  cluster(parent: number, birth: number): number {
    this.births.push(birth);
    this.deaths.push(birth);
    this.stabilities.push(0);
    return this.parents.push(parent) - 1;
  }

  /** `count` items leave a cluster. */
  lose(cluster: number, lambda: number, count: number): void {
    this.stabilities[cluster] += count * (lambda - this.births[cluster]);
    this.deaths[cluster] = Math.max(this.deaths[cluster], lambda);
  }

  leave(cluster: number, item: number, lambda: number): void {
    this.lastOf[item] = cluster;
    this.leaving[item] = lambda;
    this.lose(cluster, lambda, 1);
  }
}

/** The single linkage hierarchy: items are nodes 0 ... n - 1, and merge m makes node n + m. */
class Merges {
  private readonly left: Int32Array;
  private readonly right: Int32Array;
  private readonly sizes: Int32Array;
  /** Distances of 0 would have an endless lambda: they count as half of the shortest other one. */
  private readonly shortest: number;

  constructor(
    private readonly tree: SpanningTree,
    private readonly items: number,
  ) {
    const merges = Math.max(0, items - 1);
    this.left = new Int32Array(merges);
    this.right = new Int32Array(merges);
    this.sizes = new Int32Array(items + merges).fill(1);
    this.shortest = (tree.lengths.find((length) => length > 0) ?? 2) / 2;
    const nodeOf = Int32Array.from({ length: items + merges }, (_, i) => i);
    for (let merge = 0; merge < merges; merge++) {
      const node = items + merge;
      this.left[merge] = find(nodeOf, tree.from[merge]);
      this.right[merge] = find(nodeOf, tree.to[merge]);
      nodeOf[this.left[merge]] = nodeOf[this.right[merge]] = node;
      this.sizes[node] = this.sizes[this.left[merge]] + this.sizes[this.right[merge]];
    }
  }

  get root(): number {
    return 2 * this.items - 2;
  }

  size(node: number): number {
    return this.sizes[node];
  }

  lambda(node: number): number {
    return 1 / Math.max(this.shortest, this.tree.lengths[node - this.items]);
  }

  sides(node: number): [number, number] {
    return [this.left[node - this.items], this.right[node - this.items]];
  }

  eachItem(node: number, visit: (item: number) => void): void {
    const waiting = [node];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop())
      if (next < this.items) visit(next);
      else waiting.push(...this.sides(next));
  }
}

/** The topmost node over a node; the way there is shortened. */
function find(nodeOf: Int32Array, node: number): number {
  while (nodeOf[node] !== node) {
    nodeOf[node] = nodeOf[nodeOf[node]];
    node = nodeOf[node];
  }
  return node;
}
