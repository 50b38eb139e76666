import type { NeighbourGraph } from '../../neighbours/graph';
import { Random } from '../../random';
import { ClusterTreeBuilder, type ClusterTree } from '../clusterTree';
import { leiden } from './leiden';
import { modularity } from './modularity';
import { fromNeighbours, grouped, subgraph, type WeightedGraph } from './weightedGraph';

export interface CommunityOptions {
  readonly minSize: number;
  readonly resolution: number;
  /** Levels of parts below the communities. */
  readonly levels: number;
  readonly seed: number;
}

/** A community of fewer times the least size is not looked at for parts. */
const WORTH_PARTS = 4;

/**
 * Communities of a neighbour graph, and the communities of the graph inside of each, level by level: so a part lies in its whole, which
 * running the algorithm again with another resolution would not give. Communities of fewer than `minSize` items are noise, or, inside
 * of a community, belong to no part.
 */
export function communities(
  graph: NeighbourGraph,
  items: number,
  { minSize, resolution, levels, seed }: CommunityOptions,
): { readonly tree: ClusterTree; readonly modularity: number } {
  const random = new Random(seed).fork('leiden');
  const builder = new ClusterTreeBuilder(items);
  const divide = (part: WeightedGraph, members: Int32Array, parent: number, depth: number): Int32Array => {
    const communityOf = leiden(part, resolution, random);
    const found = grouped(
      communityOf,
      communityOf.reduce((most, community) => Math.max(most, community + 1), 0),
    );
    const large = found.filter((places) => places.length >= minSize);
    // One part that is nearly everything tells nothing.
    if (parent >= 0 && large.length < 2) return communityOf;
    for (const places of large) {
      const inside = places.map((place) => members[place]);
      const id = builder.add(parent, inside);
      if (depth < levels && inside.length >= WORTH_PARTS * minSize)
        divide(subgraph(part, places), inside, id, depth + 1);
    }
    return communityOf;
  };
  const whole = fromNeighbours(graph, items);
  const communityOf = divide(
    whole,
    Int32Array.from({ length: items }, (_, item) => item),
    -1,
    0,
  );
  return { tree: builder.build(), modularity: modularity(whole, communityOf, 1) };
}
