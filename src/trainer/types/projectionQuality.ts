/** A figure of a sample of items, with the interval that holds the figure of all items in 19 of 20 samples. */
export interface Estimate {
  readonly value: number;
  /** `low` and `high` are the value itself when it was computed on all items. */
  readonly low: number;
  readonly high: number;
}

/**
 * How much of the neighbourhoods of an embedding a map of it keeps. All figures but the correlations and `rnxAuc` are from 0
 * (nothing) to 1 (everything).
 */
export interface ProjectionQuality {
  /** How many neighbours of each item were looked at; 0 when there is one item only. */
  readonly k: number;
  readonly items: number;
  /** Items whose neighbourhoods were ranked completely: all of them, or a sample drawn by a seed. */
  readonly anchors: number;
  /** Are neighbours on the map neighbours in truth? (Venna and Kaski 2001) */
  readonly trustworthiness: Estimate;
  /** Are true neighbours still neighbours on the map? (Venna and Kaski 2001) */
  readonly continuity: Estimate;
  /** The share of the k true neighbours that are among the k on the map. */
  readonly preservation: Estimate;
  /**
   * The same over all sizes of neighbourhoods, small ones counting most, less what chance gives: 1 is perfect, 0 is chance (area
   * under R_NX with logarithmic weights, Lee, Peluffo-Ordonez and Verleysen 2015).
   */
  readonly rnxAuc: number;
  /** Rank correlation of the distances of sampled pairs, -1 to 1. */
  readonly spearman: number;
  readonly perItem: ItemQuality;
}

/**
 * One value an item. Those of the anchors are exact. Of other items `preservation` is exact, as far as the neighbours are; the rest
 * compares with `references` sampled items in the place of all.
 */
export interface ItemQuality {
  readonly references: number;
  readonly trustworthiness: Float32Array;
  readonly continuity: Float32Array;
  readonly preservation: Float32Array;
  /** Rank correlation of the distances from this item to others. */
  readonly spearman: Float32Array;
}

export type ItemMeasure = Exclude<keyof ItemQuality, 'references'>;
