import type { Random } from '../../random';
import { NeighbourWeights } from './neighbourWeights';
import type { WeightedGraph } from './weightedGraph';

/** Gains below this are rounding. */
const TINY = 1e-12;

/**
 * Moves each node into the community beside it, or into an empty one, that raises modularity most, until no move does; a node is looked at
 * again only when something beside it has moved (Louvain's phase with Leiden's queue; Traag, Waltman and van Eck 2019).
 * @param communityOf numbers below the number of nodes; changed
 */
export function moveNodes(graph: WeightedGraph, communityOf: Int32Array, resolution: number, random: Random): void {
  const { nodes, starts, targets, strengths, total } = graph;
  const communities = new Communities(graph, communityOf);
  const beside = new NeighbourWeights(graph);
  const queue = new NodeQueue(random.shuffle(Int32Array.from({ length: nodes }, (_, node) => node)));
  for (let node = queue.next(); node >= 0; node = queue.next()) {
    const before = communityOf[node];
    communities.remove(node, before);
    beside.look(node, communityOf);
    const gain = (community: number): number =>
      beside.weights[community] - (resolution * strengths[node] * communities.strength[community]) / total;
    let best = before;
    let most = gain(before);
    for (const community of beside.groups)
      if (gain(community) > most + TINY) {
        best = community;
        most = gain(community);
      }
    if (most < -TINY) best = communities.anEmptyOne();
    communities.put(node, best);
    communityOf[node] = best;
    if (best === before) continue;
    for (let edge = starts[node]; edge < starts[node + 1]; edge++)
      if (communityOf[targets[edge]] !== best) queue.add(targets[edge]);
  }
}

class Communities {
  readonly strength: Float64Array;
  private readonly sizes: Int32Array;
  /** Some of them may have been filled again. */
  private readonly empty: number[] = [];

  constructor(
    private readonly graph: WeightedGraph,
    communityOf: Int32Array,
  ) {
    this.strength = new Float64Array(graph.nodes);
    this.sizes = new Int32Array(graph.nodes);
    communityOf.forEach((community, node) => this.put(node, community));
    this.sizes.forEach((size, community) => size === 0 && this.empty.push(community));
  }

  put(node: number, community: number): void {
    this.strength[community] += this.graph.strengths[node];
    this.sizes[community]++;
  }

  remove(node: number, community: number): void {
    this.strength[community] -= this.graph.strengths[node];
    if (--this.sizes[community] > 0) return;
    this.strength[community] = 0;
    this.empty.push(community);
  }

  /** There is one whenever a node was just removed and others are together. */
  anEmptyOne(): number {
    while (this.empty.length > 1 && this.sizes[this.empty[this.empty.length - 1]] > 0) this.empty.pop();
    return this.empty[this.empty.length - 1];
  }
}

/** Nodes in the order of their arrival, each at most once. */
class NodeQueue {
  private readonly waits: Uint8Array;
  private at = 0;
  private waiting: number;

  constructor(private readonly ring: Int32Array) {
    this.waits = new Uint8Array(ring.length).fill(1);
    this.waiting = ring.length;
  }

  /** -1 when none is left. */
  next(): number {
    if (this.waiting === 0) return -1;
    const node = this.ring[this.at];
    this.at = (this.at + 1) % this.ring.length;
    this.waiting--;
    this.waits[node] = 0;
    return node;
  }

  add(node: number): void {
    if (this.waits[node] === 1) return;
    this.waits[node] = 1;
    this.ring[(this.at + this.waiting++) % this.ring.length] = node;
  }
}
