import { KindredError } from '../../rpc/errors';
import type { ClusterSettings } from '../types/clusters';

/** Neighbours of each item in the graph whose communities are looked for: enough to hold a community together. */
export const GRAPH_NEIGHBOURS = 15;
/** Levels of parts below the whole clusters. */
export const PART_LEVELS = 2;

const RANGES = {
  minSize: [2, 100_000],
  resolution: [0.01, 100],
  minSamples: [2, 100],
  count: [2, 1000],
} as const;

/** Settings with nothing left open. */
export type CompleteSettings = Required<ClusterSettings>;

/** @throws KindredError `invalid-argument` that names the setting and what it may be */
export function checkClusterSettings(settings: ClusterSettings): void {
  const { kind, selection, seed } = settings;
  // What comes over a border may be anything, whatever its type says.
  if (!(['leiden', 'hdbscan', 'kmeans'] as string[]).includes(kind))
    throw wrong('kind', kind, '"leiden", "hdbscan" or "kmeans"');
  if (selection !== undefined && !(['eom', 'leaf'] as string[]).includes(selection))
    throw wrong('selection', selection, '"eom" or "leaf"');
  for (const name of ['minSize', 'resolution', 'minSamples', 'count'] as const) {
    const value = settings[name];
    const [least, most] = RANGES[name];
    const isWhole = name === 'resolution' || Number.isInteger(value);
    if (value !== undefined && !(isWhole && value >= least && value <= most))
      throw wrong(name, value, `a ${name === 'resolution' ? '' : 'whole '}number from ${least} to ${most}`);
  }
  if (!Number.isSafeInteger(seed) || seed < 0) throw wrong('seed', seed, 'a whole number from 0');
}

function wrong(name: string, value: string | number, allowed: string): KindredError {
  return new KindredError('invalid-argument', `Clusters cannot have ${name} ${value}.`, {
    remedy: `Set ${name} to ${allowed}.`,
  });
}

/** What is left open, from the number of items and of their labels (0 when there are none). */
export function completeSettings(settings: ClusterSettings, items: number, labels: number): CompleteSettings {
  const minSize = settings.minSize ?? Math.min(50, Math.max(3, Math.round(Math.sqrt(items) / 2)));
  const count =
    settings.count ??
    (labels >= 2 ? Math.min(50, labels) : Math.min(50, Math.max(2, Math.round(Math.sqrt(items / 2)))));
  return {
    kind: settings.kind,
    minSize,
    resolution: settings.resolution ?? 1,
    selection: settings.selection ?? 'eom',
    minSamples: settings.minSamples ?? Math.min(minSize, GRAPH_NEIGHBOURS),
    count,
    seed: settings.seed,
  };
}

/** Safe as a file name, and readable. */
export function clusteringId(embedding: string, settings: CompleteSettings): string {
  const { kind, minSize, resolution, selection, minSamples, count, seed } = settings;
  const own = { leiden: `r${resolution}`, hdbscan: `${selection}-d${minSamples}`, kmeans: `k${count}` }[kind];
  return `${embedding}-${kind}-${own}-m${minSize}-s${seed}`;
}
