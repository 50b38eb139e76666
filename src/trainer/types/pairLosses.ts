/** Losses that compare the items of a batch with each other, and what they are composed of. */
export const PAIR_LOSSES = [
  'contrastive',
  'triplet',
  'nt-xent',
  'sup-con',
  'multi-similarity',
  'circle',
  'margin',
  'quadruplet',
  'n-pair',
  'lifted-structure',
  'generalised-lifted-structure',
  'tuplet-margin',
  'fast-ap',
  'nca',
  'vicreg',
] as const;
export type PairLossKind = (typeof PAIR_LOSSES)[number];

/** How far two embeddings are apart. All but `dot` of embeddings scaled to length 1; a similarity is a distance turned round. */
export const DISTANCES = ['euclidean', 'squared-euclidean', 'cosine', 'dot', 'snr'] as const;
export type Distance = (typeof DISTANCES)[number];

/** How the losses of pairs, triplets or items become one number: their mean, the mean of those above 0, or their sum. */
export const REDUCERS = ['mean', 'average-non-zero', 'sum'] as const;
export type Reducer = (typeof REDUCERS)[number];

/** Which pairs or triplets of a batch count. */
export const MINERS = [
  'none',
  'all',
  'semi-hard',
  'hard',
  'easy',
  'batch-hard',
  'distance-weighted',
  'multi-similarity',
  'pair-margin',
] as const;
export type MinerKind = (typeof MINERS)[number];

/** With numbers of one's own. */
export type MinerSettings =
  /** Everything counts. For each anchor the farthest positive and the nearest negative. */
  | { readonly kind: 'none' | 'batch-hard' }
  /** By the gap of a triplet, how much farther its negative is than its positive (Euclidean): at most `margin`, or, `easy`, more. */
  | { readonly kind: 'all' | 'semi-hard' | 'hard' | 'easy'; readonly margin: number }
  /** For each positive pair one negative, drawn so that all distances from `nearest` to `farthest` are equally likely. */
  | { readonly kind: 'distance-weighted'; readonly nearest: number; readonly farthest: number }
  /** Positives that are hardly nearer than the nearest negative, negatives hardly farther than the farthest positive (cosine). */
  | { readonly kind: 'multi-similarity'; readonly epsilon: number }
  /** Positives farther than `positiveMargin`, negatives nearer than `negativeMargin` (Euclidean). */
  | { readonly kind: 'pair-margin'; readonly positiveMargin: number; readonly negativeMargin: number };

/** A kind alone has its usual numbers. */
export type Miner = MinerKind | MinerSettings;

/** What can be chosen with a loss, as far as it fits; each has the default of the loss. */
export interface Composition {
  readonly distance?: Distance;
  readonly miner?: Miner;
  readonly reducer?: Reducer;
  /** Batches are compared with the last `size` embeddings of earlier ones too (cross-batch memory). */
  readonly memory?: { readonly size: number };
}

interface Of<Kind extends PairLossKind> extends Composition {
  readonly kind: Kind;
}

interface Margins {
  /** Pairs of one class that are at most this far apart are near enough. */
  readonly positiveMargin: number;
  /** Pairs of two classes that are at least this far apart are far enough. */
  readonly negativeMargin: number;
}

export type PairLossSettings =
  /** Siamese: pulls pairs of one class within `positiveMargin`, pushes others beyond `negativeMargin` (distances). */
  | (Of<'contrastive'> & Margins)
  /** Anchor nearer to positive than to negative by `margin` (distances); `soft` never stops pulling, `swap` takes the nearer of both to the negative. */
  | (Of<'triplet'> & {
      readonly margin: number;
      readonly miner: Miner;
      readonly soft?: boolean;
      readonly swap?: boolean;
    })
  /** Softmax over cosine similarities divided by `temperature`, each positive against all negatives. */
  | (Of<'nt-xent'> & { readonly temperature: number })
  /** Supervised contrastive: as NT-Xent, all positives of an anchor together. */
  | (Of<'sup-con'> & { readonly temperature: number })
  /** Soft weights for hard positives (`alpha`) and hard negatives (`beta`) around the similarity `base`. */
  | (Of<'multi-similarity'> & { readonly alpha: number; readonly beta: number; readonly base: number })
  /** Each similarity is weighted by how far it is from its goal; `margin` around 0 and 1. */
  | (Of<'circle'> & { readonly margin: number; readonly scale: number })
  /** A boundary between near and far, which is learned, `margin` to both sides; `nu` times it is added to the loss. */
  | (Of<'margin'> & {
      readonly margin: number;
      readonly beta: number;
      readonly boundary: 'fixed' | 'learned' | 'by-class';
      readonly nu: number;
    })
  /** Triplets, and positive pairs nearer than pairs of any two other classes, by `secondMargin`. */
  | (Of<'quadruplet'> & { readonly margin: number; readonly secondMargin: number })
  /** One pair a class: each anchor picks its positive among those of all classes. */
  | Of<'n-pair'>
  /** Each positive pair against all negatives of both. */
  | (Of<'lifted-structure'> & Margins)
  /** The farthest positives against the nearest negatives of each anchor, softly. */
  | (Of<'generalised-lifted-structure'> & Margins)
  /** Each positive against all negatives, `margin` degrees of slack. */
  | (Of<'tuplet-margin'> & { readonly margin: number; readonly scale: number })
  /** Average precision of the batch, by histograms of `bins` bins of the distances. */
  | (Of<'fast-ap'> & { readonly bins: number })
  /** Neighbourhood components, soft nearest neighbours: the chance to pick one of the own class, `scale` times the distance. */
  | (Of<'nca'> & { readonly scale: number })
  /** Two views alike, numbers spread, numbers independent; without negatives and without labels. */
  | {
      readonly kind: 'vicreg';
      readonly invariance: number;
      readonly variance: number;
      readonly covariance: number;
    };
