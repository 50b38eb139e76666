import type { Random } from '../../random';
import { NeighbourWeights } from './neighbourWeights';
import type { WeightedGraph } from './weightedGraph';

/** How freely a node may choose a good community that is not the best (theta of Traag, Waltman and van Eck 2019). */
const FREEDOM = 0.01;

/**
 * Leiden's refinement: starts with each node by itself and merges nodes inside of each community only, where both the node and what
 * it joins are well connected to the rest of the community. So the parts that come out are connected, and a community that holds
 * together badly comes apart when parts move as wholes.
 * @returns the part of each node, numbers below the number of nodes
 */
export function refine(graph: WeightedGraph, communityOf: Int32Array, resolution: number, random: Random): Int32Array {
  const { nodes, strengths, total } = graph;
  const partOf = Int32Array.from({ length: nodes }, (_, node) => node);
  const outer = strengthsOf(graph, communityOf);
  const parts = new Parts(graph, communityOf);
  const beside = new NeighbourWeights(graph);
  /** Whether a part is bound to the rest of its community at least as strongly as chance would. */
  const isWell = (part: number, community: number): boolean =>
    parts.cuts[part] >= (resolution * parts.strengths[part] * (outer[community] - parts.strengths[part])) / total;
  for (const node of random.shuffle(Int32Array.from({ length: nodes }, (_, i) => i))) {
    const community = communityOf[node];
    if (parts.sizes[node] !== 1 || partOf[node] !== node || !isWell(node, community)) continue;
    beside.look(node, partOf, (other) => communityOf[other] === community);
    const choices = beside.groups.filter((part) => part !== node && isWell(part, community));
    const gains = choices.map(
      (part) => beside.weights[part] - (resolution * strengths[node] * parts.strengths[part]) / total,
    );
    const chosen = draw(gains, random);
    if (chosen < 0) continue;
    const part = choices[chosen];
    parts.join(node, part, beside.weights[part]);
    partOf[node] = part;
  }
  return partOf;
}

/** Draws among gains that are not negative, better ones far more often; -1 when there is none. */
function draw(gains: readonly number[], random: Random): number {
  const best = gains.reduce((most, gain) => Math.max(most, gain), -1);
  if (best < 0) return -1;
  const odds = gains.map((gain) => (gain < 0 ? 0 : Math.exp((gain - best) / FREEDOM)));
  let left = random.next() * odds.reduce((sum, each) => sum + each, 0);
  let last = -1;
  for (let i = 0; i < odds.length; i++) {
    if (odds[i] === 0) continue;
    last = i;
    left -= odds[i];
    if (left < 0) break;
  }
  return last;
}

class Parts {
  readonly sizes: Int32Array;
  readonly strengths: Float64Array;
  /** The weight between each part and the rest of its community. */
  readonly cuts: Float64Array;

  constructor(graph: WeightedGraph, communityOf: Int32Array) {
    this.sizes = new Int32Array(graph.nodes).fill(1);
    this.strengths = graph.strengths.slice();
    this.cuts = new Float64Array(graph.nodes);
    for (let node = 0; node < graph.nodes; node++)
      for (let edge = graph.starts[node]; edge < graph.starts[node + 1]; edge++)
        if (communityOf[graph.targets[edge]] === communityOf[node]) this.cuts[node] += graph.weights[edge];
  }

  /** A node that is alone joins a part to which it is bound by `weight`. */
  join(node: number, part: number, weight: number): void {
    this.sizes[part]++;
    this.sizes[node] = 0;
    this.strengths[part] += this.strengths[node];
    this.cuts[part] += this.cuts[node] - 2 * weight;
  }
}

function strengthsOf({ nodes, strengths }: WeightedGraph, communityOf: Int32Array): Float64Array {
  const sums = new Float64Array(nodes);
  for (let node = 0; node < nodes; node++) sums[communityOf[node]] += strengths[node];
  return sums;
}
