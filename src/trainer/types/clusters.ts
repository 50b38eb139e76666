/**
 * How clusters are found: communities of the neighbour graph (Leiden, Traag 2019), dense regions (HDBSCAN, Campello 2013), or
 * k-means on the unit sphere. What is left out is chosen from the number of items.
 */
export interface ClusterSettings {
  readonly kind: 'leiden' | 'hdbscan' | 'kmeans';
  /** Fewer items are no cluster, 2 to 100,000. */
  readonly minSize?: number;
  /** Leiden: above 1 for smaller communities, below for larger ones; 0.01 to 100. */
  readonly resolution?: number;
  /** HDBSCAN: the most stable clusters (excess of mass), or the finest ones. */
  readonly selection?: 'eom' | 'leaf';
  /** HDBSCAN: how many neighbours make a place dense, 2 to 100. */
  readonly minSamples?: number;
  /** k-means: how many clusters, 2 to 1,000. */
  readonly count?: number;
  readonly seed: number;
}

/** A cluster, or a part of one. */
export interface Cluster {
  /** Its place in the list. Parents come before their parts. */
  readonly id: number;
  /** The cluster that this one is a part of; -1 for a whole one. */
  readonly parent: number;
  /** 0 for a whole one, 1 for its parts, and so on. */
  readonly depth: number;
  readonly size: number;
  /** From what it contains; no two of the same parent share one. */
  readonly name: string;
  /** The label that most of its labelled items have. */
  readonly label?: { readonly name: string; /** Share of the labelled items. */ readonly purity: number };
  /** Words of file names and metadata that tell it from the clusters beside it, the most telling first. */
  readonly words: readonly string[];
  /** The item that is most like all others. */
  readonly medoid: number;
  /** Items from its dense part that are unlike each other, the medoid first. */
  readonly exemplars: readonly number[];
}

export interface Clusters {
  readonly settings: ClusterSettings;
  /** Whole clusters come by falling size. */
  readonly clusters: readonly Cluster[];
  /** Of each item, the smallest cluster that it is in; -1 for noise. */
  readonly clusterOf: Int32Array;
  /** How surely each item belongs to its whole cluster, 0 for noise to 1; only HDBSCAN tells degrees. */
  readonly probabilities: Float32Array;
  /** Items in no cluster. */
  readonly noise: number;
  /** Leiden: modularity of all communities of the neighbour graph, those too that are too small to be clusters. */
  readonly modularity?: number;
}
