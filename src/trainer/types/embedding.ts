import type { NearMetric } from '../neighbours/metric';

/**
 * What makes an embedding: a trained run, hand-made colour and gradient descriptors (ready as soon as a dataset is open), raw
 * pixels (the baseline of the measures), or vectors that another tool made and that were imported under a name.
 */
export type ModelId = 'descriptor' | 'pixels' | `run:${string}` | `vectors:${string}`;

export interface EmbeddingSummary {
  /** Safe as a file name; `run-<name>` for a run, `vectors-<name>` for imported vectors. */
  readonly id: string;
  readonly model: ModelId;
  readonly count: number;
  readonly dims: number;
  readonly created: string;
  /** The `.npy` file, float32, one L2-normalised row an item. */
  readonly file: string;
}

export interface NeighbourList {
  /** Nearest first; the query itself is left out by index. */
  readonly items: Int32Array;
  /** Cosine distances, 0 to 2. */
  readonly distances: Float32Array;
}

/** Axes of a map: the plane, or space. */
export type MapDims = 2 | 3;

export interface ProjectionSettings {
  /** `columns`: nothing is computed; the dataset's own table says where the items lie. */
  readonly kind: 'umap' | 'tsne' | 'pca' | 'columns';
  /** Axes of the map; 2 when not given. */
  readonly dims?: MapDims;
  /** UMAP: how many neighbours hold an item, 2 to 200. */
  readonly neighbours: number;
  /** UMAP: how tightly points may pack, 0 to `spread`. */
  readonly minDist: number;
  /** UMAP: how wide the whole is laid out, 0.1 to 10; 1 when not given. */
  readonly spread?: number;
  /** t-SNE: about how many neighbours each item looks at, 2 to 200; 30 when not given. */
  readonly perplexity?: number;
  /** By what items are near; the cosine when not given. */
  readonly metric?: NearMetric;
  /** UMAP: where items lie at first: by the smoothest spread over the graph when not given, or along the two widest directions. */
  readonly start?: 'principal' | 'spectral';
  /**
   * Id of another stored projection of the same items, of this embedding or another: UMAP and t-SNE begin from it instead, and the result is
   * turned to lie like it, so that before and after can be compared.
   */
  readonly like?: string;
  /**
   * UMAP by the kernels: how much dense groups are to lie dense, 0 to 10 (densMAP; its paper takes 2); 0 when not given: then all groups
   * lie about as dense.
   */
  readonly density?: number;
  /**
   * UMAP: how much the labels pull, from 0 to 1; 0 when not given: the map does not look at labels. At 1 no two labels are joined.
   */
  readonly supervision?: number;
  /** UMAP: who lays out; `umap-js` is slow, on one thread, and the reference. */
  readonly implementation?: 'kernels' | 'umap-js';
  /** `columns`: the names of the metadata columns that hold x and y, and z in space. */
  readonly columns?: readonly [x: string, y: string, z?: string];
  readonly seed: number;
}

export interface Projection {
  readonly id: string;
  readonly embedding: string;
  readonly settings: ProjectionSettings;
  /** x and y (and z in space) in turn, one pair (or triple) an item. */
  readonly positions: Float32Array;
  /** Share of the true nearest neighbours among those that it was made from; absent where it needs none. */
  readonly recall?: number;
  /** Items that were placed into the map of others without moving those; absent when there are none. */
  readonly placed?: number;
  /** `columns`: items without numbers there; they lie in a row beneath the others. */
  readonly unplaced?: number;
}
