import type { CategoryColumn, Cluster, Clusters, MapDims } from '../../trainer/protocol';
import type { MapName } from '../map';

/** Members that are looked at to find the middle of a cluster. */
const LOOKED_AT = 400;

/** The whole cluster that a cluster is a part of, or itself. */
export function wholeOf(clusters: readonly Cluster[], id: number): number {
  while (id >= 0 && clusters[id].parent >= 0) id = clusters[id].parent;
  return id;
}

/** Whole clusters as a column to colour by; items in none have no value. */
export function clusterColumn({ clusters, clusterOf }: Clusters): CategoryColumn {
  const whole = clusters.filter(({ parent }) => parent < 0);
  // Whole clusters come first, so their ids are their codes.
  const wholes = clusters.map(({ id }) => wholeOf(clusters, id));
  return {
    name: 'Clusters',
    categories: whole.map(({ name }) => name),
    codes: clusterOf.map((id) => (id < 0 ? -1 : wholes[id])),
  };
}

/** Items of a cluster, those of its parts among them, ascending; of none for -1. */
export function membersOf({ clusters, clusterOf }: Clusters, cluster: number): number[] {
  const inside = clusters.map(({ id }) => {
    let at = id;
    while (at > cluster) at = clusters[at].parent;
    return at === cluster && cluster >= 0;
  });
  const items: number[] = [];
  clusterOf.forEach((id, item) => {
    if (id < 0 ? cluster < 0 : inside[id]) items.push(item);
  });
  return items;
}

/** The name of each cluster at the member that is nearest to the middle of its members on the map. */
export function clusterNames({ clusters, clusterOf }: Clusters, positions: Float32Array, dims: MapDims = 2): MapName[] {
  const members: number[][] = clusters.map(() => []);
  clusterOf.forEach((smallest, item) => {
    for (let id = smallest; id >= 0; id = clusters[id].parent) members[id].push(item);
  });
  const hasParts = new Set(clusters.map(({ parent }) => parent));
  return clusters.map(({ id, name, depth, size }) => ({
    text: name,
    item: middleOf(members[id], positions, dims),
    depth,
    isLast: !hasParts.has(id),
    weight: size,
  }));
}

/** The middle by medians, which a few items that were drawn far away do not move. */
function middleOf(members: readonly number[], positions: Float32Array, dims: MapDims): number {
  const step = Math.max(1, Math.floor(members.length / LOOKED_AT));
  const some = members.filter((_, i) => i % step === 0);
  const middle = Array.from({ length: dims }, (_, axis) => {
    const values = Float32Array.from(some, (item) => positions[dims * item + axis]).sort();
    return values[values.length >> 1];
  });
  let nearest = some[0];
  let least = Infinity;
  for (const item of some) {
    const distance = Math.hypot(...middle.map((value, axis) => positions[dims * item + axis] - value));
    if (distance < least) [nearest, least] = [item, distance];
  }
  return nearest;
}
