import type { MapDims, Projection, ProjectionSettings } from '../../trainer/protocol';
import { formatItems, formatShare, type Choice } from '../shell';
import { USUAL, type ProjectionKind } from './projectionFields';

const NBSP = '\u00a0';

export type MapColumns = NonNullable<ProjectionSettings['columns']>;

/** What each kind of map is, for someone who has never heard of it. */
export const KIND_HELP: Readonly<Record<ProjectionKind, string>> = {
  umap: 'Pulls every item towards those most similar to it. Shows groups, and roughly which groups are near.',
  tsne: 'Looks at the closest items only: the clearest islands. Where an island lies, and how large it is, means little.',
  pca: 'The shadow of the data along its two widest directions. Takes a moment and needs no settings; groups often overlap.',
  columns: 'Nothing is computed: two columns of your table say where each item lies.',
};

export function kindChoices(numeric: readonly string[]): Choice[] {
  return [
    { value: 'umap', label: 'UMAP: keeps neighbours together' },
    { value: 'tsne', label: 't-SNE: clear islands' },
    { value: 'pca', label: 'PCA: the two widest directions' },
    ...(numeric.length > 1 ? [{ value: 'columns', label: 'From columns of your table' }] : []),
  ];
}

/** How names of the columns of positions end: "x" and "y", "umap_x", "umap_y" and "umap_z", "tsne_1" and "tsne_2". */
const AXES = ['x y z', 'X Y Z', '1 2 3', '0 1 2'].map((ends) => ends.split(' '));

/** The columns that look like positions in so many dimensions; otherwise the first ones. */
export function likelyColumns(numeric: readonly string[], dims: MapDims = 2): MapColumns | undefined {
  for (const x of numeric)
    for (const ends of AXES) {
      if (!x.endsWith(ends[0])) continue;
      const names = ends.slice(0, dims).map((end) => x.slice(0, -1) + end);
      if (names.every((name) => numeric.includes(name))) return mapColumns(names);
    }
  return numeric.length >= dims ? mapColumns(numeric.slice(0, dims)) : undefined;
}

/** @param names two or three */
export function mapColumns(names: readonly string[]): MapColumns {
  const [x, y, z] = names;
  return names.length === 3 ? [x, y, z] : [x, y];
}

/** The settings in a few characters, for the toolbar's button. */
export function projectionLabel(settings: ProjectionSettings): string {
  const { kind, neighbours, minDist, perplexity = USUAL.perplexity, columns } = settings;
  const space = settings.dims === 3 ? `3D${NBSP}` : '';
  switch (kind) {
    case 'pca':
      return settings.dims === 3 ? `PCA${NBSP}3D` : 'PCA';
    case 'tsne':
      return `t-SNE${NBSP}${space}${perplexity}`;
    case 'columns':
      return columns?.join(` / `).replaceAll(' ', NBSP) ?? 'Columns';
    case 'umap':
      return `UMAP${NBSP}${space}${neighbours}${NBSP}/${NBSP}${minDist}`;
  }
}

/** The same in words. */
export function projectionTip({
  kind,
  neighbours,
  minDist,
  perplexity = USUAL.perplexity,
  columns,
  density = 0,
  supervision = 0,
  dims = 2,
}: ProjectionSettings): string {
  const terms = `${density > 0 ? ', densities kept' : ''}${supervision > 0 ? ', pulled by the labels' : ''}`;
  const how = {
    pca: 'PCA',
    tsne: `t-SNE with perplexity ${perplexity}`,
    columns: `from the columns ${columns?.join(' and ') ?? ''}`,
    umap: `UMAP with ${neighbours} neighbours and minimum distance ${minDist}${terms}`,
  }[kind];
  return `How the map is arranged: ${how}${dims === 3 ? ', in space' : ''}`;
}

type Remarkable = Partial<Pick<Projection, 'recall' | 'unplaced' | 'placed' | 'settings'>>;

/** What should be known about how true the positions are; nothing when there is nothing to say. */
export function projectionRemark({ recall = 1, unplaced = 0, placed = 0, settings }: Remarkable): string {
  const parts = [
    (settings?.supervision ?? 0) > 0 && 'The labels helped to arrange this map',
    placed > 0 && `${formatItems(placed, 'new item was', 'new items were')} placed into the map`,
    unplaced > 0 && `${formatItems(unplaced, 'image')} without a position: in the row beneath`,
    recall < 1 && `${formatShare(recall)} of the nearest neighbours were found`,
  ];
  return parts.filter((part) => part !== false).join('; ');
}
