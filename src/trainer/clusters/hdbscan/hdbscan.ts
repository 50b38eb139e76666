import type { NeighbourGraph } from '../../neighbours/graph';
import type { Matrix } from '../../store/matrix';
import { ClusterTreeBuilder, type ClusterTree } from '../clusterTree';
import { condense, type CondensedTree } from './condensedTree';
import { reachabilityTree } from './spanningTree';

export interface HdbscanOptions {
  readonly minSize: number;
  /** How many items, itself among them, must be near for a place to be dense. */
  readonly minSamples: number;
  readonly selection: 'eom' | 'leaf';
  /** Levels of parts below the selected clusters. */
  readonly levels: number;
  readonly seed: number;
}

/**
 * HDBSCAN (Campello, Moulavi and Sander 2013): dense regions that last over many levels of density are clusters, what is in none is
 * noise. The parts of a cluster are those into which the condensed tree splits it further, so the hierarchy is the method's own.
 *
 * @param graph at least `minSamples - 1` neighbours of each row
 */
export function hdbscan(vectors: Matrix, graph: NeighbourGraph, options: HdbscanOptions): ClusterTree {
  if (vectors.rows === 0) return new ClusterTreeBuilder(0).build();
  const edges = reachabilityTree(vectors, graph, options.minSamples, options.seed);
  const tree = condense(edges, vectors.rows, Math.max(2, options.minSize));
  return clustersOf(tree, selectClusters(tree, options.selection), options.levels);
}

/**
 * Which clusters of a condensed tree are taken; never the first, which is everything. `eom`: those that are more stable than their
 * parts together, none inside another. `leaf`: those without parts.
 */
export function selectClusters({ parents, stabilities }: CondensedTree, selection: 'eom' | 'leaf'): boolean[] {
  const best = [...stabilities];
  const below = parents.map(() => 0);
  const hasParts = parents.map(() => false);
  const selected = parents.map(() => false);
  for (let id = parents.length - 1; id > 0; id--) {
    selected[id] = selection === 'leaf' ? !hasParts[id] : stabilities[id] >= below[id];
    if (!selected[id]) best[id] = below[id];
    below[parents[id]] += best[id];
    hasParts[parents[id]] = true;
  }
  const isCovered = parents.map(() => false);
  for (let id = 1; id < parents.length; id++) {
    isCovered[id] = isCovered[parents[id]] || selected[parents[id]];
    if (isCovered[id]) selected[id] = false;
  }
  return selected;
}

/** The selected clusters with the parts below them, and how surely each item belongs: its lambda, as a share of the largest. */
function clustersOf(tree: CondensedTree, selected: readonly boolean[], levels: number): ClusterTree {
  const { parents, deaths, lastOf, leaving } = tree;
  const items = lastOf.length;
  const none = new Int32Array(0);
  const builder = new ClusterTreeBuilder(items);
  const placeOf = new Int32Array(parents.length).fill(-1);
  const whole = new Int32Array(parents.length).fill(-1);
  const depths = new Int32Array(parents.length);
  for (let id = 1; id < parents.length; id++) {
    const above = parents[id];
    whole[id] = selected[id] ? id : whole[above];
    depths[id] = selected[id] ? 0 : depths[above] + 1;
    if (selected[id]) placeOf[id] = builder.add(-1, none);
    else if (whole[above] >= 0) placeOf[id] = depths[id] <= levels ? builder.add(placeOf[above], none) : placeOf[above];
  }
  for (let item = 0; item < items; item++) {
    const cluster = lastOf[item];
    builder.clusterOf[item] = placeOf[cluster];
    if (whole[cluster] < 0) continue;
    const most = deaths[whole[cluster]];
    builder.probabilities[item] = most > 0 ? Math.min(1, leaving[item] / most) : 1;
  }
  return builder.build();
}
