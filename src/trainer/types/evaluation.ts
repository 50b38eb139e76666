import type { ModelId } from './embedding';

/** What is measured of each query; docs/evaluation.md has the definitions. All are from 0 to 1, and more is better. */
export const MEASURES = [
  'recallAt1',
  'recallAt2',
  'recallAt4',
  'recallAt5',
  'recallAt8',
  'recallAt10',
  'mrr',
  'rPrecision',
  'mapAtR',
] as const;
export type Measure = (typeof MEASURES)[number];

export type RetrievalMeasures = Readonly<Record<Measure, number>>;

export interface Interval {
  readonly low: number;
  readonly high: number;
}

export type RetrievalIntervals = Readonly<Record<Measure, Interval>>;

/** How well k-means on the embeddings finds the classes again. */
export interface Clustering {
  /** Normalised mutual information, by the arithmetic mean of the entropies, 0 to 1. It grows with the number of clusters. */
  readonly nmi: number;
  /** The same, adjusted for chance: 0 is what chance gives. */
  readonly ami: number;
  /** As many as there are classes. */
  readonly clusters: number;
  /** Fewer than were searched when the dataset is large; whole classes are left out. */
  readonly items: number;
}

/** One way to decide whether two images are of one class: they are when their cosine similarity is at least `threshold`. */
export interface OperatingPoint {
  readonly threshold: number;
  /** Share of the pairs of different classes that are taken for the same (FAR, FMR). */
  readonly falseMatchRate: number;
  /** Share of the pairs of one class that are recognised (TAR, TMR). */
  readonly trueMatchRate: number;
}

/** How well one threshold tells pairs of one class from pairs of two. */
export interface Verification {
  readonly pairs: {
    readonly same: number;
    readonly different: number;
    /** Whether they were drawn at random, as there are too many to compare them all. */
    readonly sampled: boolean;
  };
  /** Chance that a pair of one class is more similar than a pair of two. */
  readonly rocAuc: number;
  /** Where as many pairs are taken for the same wrongly as are missed. */
  readonly equalErrorRate: number;
  /** TAR@FAR for the rates 0.1, 0.01, 0.001 and 0.0001 that enough pairs are there for. `wanted` is the rate. */
  readonly trueMatchRates: readonly (OperatingPoint & { readonly wanted: number })[];
  /** The threshold for the false-match rate that was asked for; absent when no threshold reaches it. */
  readonly calibrated?: CalibratedThreshold;
  /** The curve, from nothing matches to everything matches; the points that a drawing needs. */
  readonly roc: readonly Pick<OperatingPoint, 'falseMatchRate' | 'trueMatchRate'>[];
}

export interface CalibratedThreshold extends OperatingPoint {
  readonly wanted: number;
  /**
   * What becomes of such a threshold on classes that it was not calibrated on: calibrated on one half of the classes, measured on
   * the other, and the other way round; the means. Absent when there are too few classes.
   */
  readonly check?: Pick<OperatingPoint, 'falseMatchRate' | 'trueMatchRate'>;
}

/** Measures are means over the queries (micro). */
export interface EvaluationRow extends RetrievalMeasures {
  readonly model: ModelId;
  readonly dims: number;
  /** Means over the classes of their means: each class counts the same, however many items it has. */
  readonly macro: RetrievalMeasures;
  readonly intervals: RetrievalIntervals;
  readonly macroIntervals: RetrievalIntervals;
  /** Absent when there is one class only. */
  readonly clustering?: Clustering;
  /** Absent when all pairs are of one kind. */
  readonly verification?: Verification;
}

/** The measures of one class with the evaluated model. */
export interface ClassMeasures extends Pick<RetrievalMeasures, 'recallAt1' | 'rPrecision' | 'mapAtR'> {
  readonly label: string;
  readonly items: number;
  readonly queries: number;
  /** The class that its items' nearest neighbours are of most often, beside itself. */
  readonly takenFor?: { readonly label: string; readonly count: number };
}

/** Items of one class whose nearest neighbour is of another. */
export interface Confusion {
  readonly label: string;
  readonly takenFor: string;
  readonly count: number;
  /** Of the queries of `label`. */
  readonly share: number;
  /** Some of them, with their nearest neighbours, the most similar first. */
  readonly examples: readonly { readonly item: number; readonly nearest: number; readonly similarity: number }[];
}

/** By how much the model is above the best of the baselines; both were resampled together. */
export interface Difference extends Interval {
  readonly measure: Measure;
  readonly against: ModelId;
  readonly value: number;
}

/** One set of items that were searched among themselves. */
export interface EvaluationPart {
  /** Queries with at least one possible match. */
  readonly queries: number;
  /** The baselines first, the model last. */
  readonly rows: readonly EvaluationRow[];
  /** Recall@1 and MAP@R; empty when the model is a baseline itself. */
  readonly differences: readonly Difference[];
}

export interface EvaluationReport extends EvaluationPart {
  readonly model: ModelId;
  /** The columns that are the labels, when they are not the dataset's own: those by which the run was trained. */
  readonly labelColumns?: readonly string[];
  /** Which items were searched, and which were the queries. */
  readonly heldOut: {
    readonly by: 'class' | 'item' | 'split' | 'none';
    readonly classes: number;
    readonly items: number;
  };
  /** How the intervals were made: percentiles of means of resampled classes (when whole classes were held out) or queries. */
  readonly bootstrap: {
    readonly over: 'classes' | 'queries';
    readonly resamples: number;
    /** 0.95. */
    readonly level: number;
    readonly seed: number;
  };
  /** Of the model, by name. */
  readonly classes: readonly ClassMeasures[];
  /** Of the model, the most frequent first; at most 200. */
  readonly confusions: readonly Confusion[];
  /** The same on items of classes that the training knows, when the run held out such items beside whole classes. */
  readonly unseenItems?: EvaluationPart & { readonly classes: number; readonly items: number };
}
