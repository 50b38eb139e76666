import type { ClusterSettings } from '../../trainer/protocol';
import type { Choice } from '../shell';

export type ClusterKind = ClusterSettings['kind'];
export type Fineness = 'coarse' | 'usual' | 'fine';

/** How the person wants clusters to be found. */
export interface ClusterChoice {
  readonly kind: ClusterKind;
  /** Of communities and dense regions. */
  readonly fineness: Fineness;
  /** Of k-means; from the number of labels or items when it is not said. */
  readonly count?: number;
}

export const USUAL_CLUSTERS: ClusterChoice = { kind: 'leiden', fineness: 'usual' };

/** What each way is, for someone who has never heard of it. */
export const KIND_HELP: Readonly<Record<ClusterKind, string>> = {
  leiden: 'Items that are each other’s neighbours belong together (Leiden). Hardly anything is left out.',
  hdbscan: 'Where items lie close together, with room around them (HDBSCAN). What lies between belongs to none.',
  kmeans: 'As many groups as you say, round and of like size (k-means). Every item belongs to one.',
};

export const KIND_CHOICES: readonly Choice[] = [
  { value: 'leiden', label: 'Communities' },
  { value: 'hdbscan', label: 'Dense regions' },
  { value: 'kmeans', label: 'Fixed number' },
];

export const FINENESS_CHOICES: readonly Choice[] = [
  { value: 'coarse', label: 'Fewer, larger' },
  { value: 'usual', label: 'Usual' },
  { value: 'fine', label: 'More, smaller' },
];

/** Least and most clusters that k-means may be asked for. */
export const COUNT_RANGE = { from: 2, to: 1000 } as const;

const RESOLUTION: Readonly<Record<Fineness, number>> = { coarse: 0.3, usual: 1, fine: 3 };

/** @param items how many there are: what is a small cluster depends on it */
export function clusterSettings({ kind, fineness, count }: ClusterChoice, items: number): ClusterSettings {
  const plain = { kind, seed: 1 } as const;
  if (kind === 'kmeans') return count === undefined ? plain : { ...plain, count };
  if (fineness === 'usual') return plain;
  if (kind === 'leiden') return { ...plain, resolution: RESOLUTION[fineness] };
  // Usually half the root of the number of items make a dense region; of the fine ones those that have no finer ones within.
  const root = Math.sqrt(items);
  if (fineness === 'coarse') return { ...plain, minSize: clamp(1.5 * root, 9, 150) };
  return { ...plain, selection: 'leaf', minSize: clamp(root / 6, 3, 17) };
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, Math.round(value)));
}
