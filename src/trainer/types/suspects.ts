/** An item whose label is suspected to be wrong. */
export interface Suspect {
  /** As the dataset is now. */
  readonly item: number;
  readonly path: string;
  readonly label: string;
  /** Degrees between the item and the dominant centre of its class. */
  readonly angle: number;
  /** The label whose dominant centre is nearest; the item's own when it is far from all. */
  readonly nearestLabel: string;
}

/** What a run with sub-centre ArcFace thinks of the labels that it was trained with, the farthest first. */
export interface SuspectList {
  readonly run: string;
  /** Degrees beyond which an item is suspected. */
  readonly threshold: number;
  /** How many items were looked at. */
  readonly items: number;
  readonly suspects: readonly Suspect[];
  /**
   * Items that stand for the labels which the suspects have or look like: not suspected themselves, the nearest to the dominant
   * centre first. Empty for lists that were made before there were any.
   */
  readonly exemplars: Readonly<Record<string, readonly number[]>>;
}
