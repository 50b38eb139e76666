import type { Random } from '../../random';
import { moveNodes } from './localMoving';
import { refine } from './refinement';
import { aggregate, eachEdge, renumber, type WeightedGraph } from './weightedGraph';

/** The whole of the algorithm is done so often, from where it ended; more changes hardly anything. */
const ITERATIONS = 2;

/**
 * Communities of a graph by the Leiden algorithm (Traag, Waltman and van Eck 2019), for modularity with a resolution: nodes move, communities
 * are refined, and the parts become the nodes of a smaller graph, until nothing moves. Every community is connected. The same graph
 * and seed give the same communities.
 * @returns the community of each node, numbered from 0 in the order of their first nodes
 */
export function leiden(graph: WeightedGraph, resolution: number, random: Random): Int32Array {
  let communityOf: Int32Array = Int32Array.from({ length: graph.nodes }, (_, node) => node);
  for (let iteration = 0; iteration < ITERATIONS; iteration++)
    communityOf = improve(graph, communityOf, resolution, random);
  return connectedParts(graph, communityOf);
}

function improve(graph: WeightedGraph, start: Int32Array, resolution: number, random: Random): Int32Array {
  /** The node of `level` that each node of the graph is in. */
  const nodeOf = Int32Array.from(start, (_, node) => node);
  let level = graph;
  let communityOf = start.slice();
  for (;;) {
    moveNodes(level, communityOf, resolution, random);
    if (renumber(communityOf) === level.nodes) break;
    const partOf = refine(level, communityOf, resolution, random);
    const parts = renumber(partOf);
    if (parts === level.nodes) break;
    const communityOfPart = new Int32Array(parts);
    partOf.forEach((part, node) => (communityOfPart[part] = communityOf[node]));
    level = aggregate(level, partOf, parts);
    communityOf = communityOfPart;
    for (let node = 0; node < nodeOf.length; node++) nodeOf[node] = partOf[nodeOf[node]];
  }
  return nodeOf.map((node) => communityOf[node]);
}

/** Takes apart what is not connected, should refinement have come to an end before; that always raises modularity. */
function connectedParts(graph: WeightedGraph, communityOf: Int32Array): Int32Array {
  const partOf = new Int32Array(graph.nodes).fill(-1);
  let parts = 0;
  for (let start = 0; start < graph.nodes; start++) {
    if (partOf[start] >= 0) continue;
    partOf[start] = parts;
    const waiting = [start];
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop())
      eachEdge(graph, node, (other) => {
        if (partOf[other] >= 0 || communityOf[other] !== communityOf[start]) return;
        partOf[other] = parts;
        waiting.push(other);
      });
    parts++;
  }
  return partOf;
}
