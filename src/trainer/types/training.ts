import { CLASS_LOSSES, type ClassLossSettings } from './classLosses';
import type { FileProblem, Modality } from './dataset';
import type { ModelId } from './embedding';
import { PAIR_LOSSES, type PairLossSettings } from './pairLosses';
import type { Progress } from './progress';
import type { ClassWeights, Sampling, SupervisionKind } from './sampling';

export const LOSSES = [...PAIR_LOSSES, ...CLASS_LOSSES, 'sum'] as const;
export type LossKind = (typeof LOSSES)[number];

/** Each with the parameters of its definition; defaults are in training/choices. */
export type LossSettings = SingleLossSettings | SumSettings;

export type SingleLossSettings = PairLossSettings | ClassLossSettings;

/** Several losses at once, each times its weight. */
export interface SumSettings {
  readonly kind: 'sum';
  readonly parts: readonly { readonly weight: number; readonly loss: SingleLossSettings }[];
}

export const MODELS = ['convnet', 'separable', 'vit', 'mlp', 'linear', 'ngram-bag', 'text-convnet'] as const;
export type ModelKind = (typeof MODELS)[number];

export const CONVNET_SIZES = ['small', 'medium', 'large'] as const;
export type ConvnetSize = (typeof CONVNET_SIZES)[number];

export const HEADS = ['linear', 'mlp', 'none'] as const;
/**
 * What turns the features of a network into embeddings, `linear` where nothing is said: one matrix, a hidden layer and a matrix, or
 * nothing, so that embeddings are as long as the network has features.
 */
export type HeadKind = (typeof HEADS)[number];

/** Which network is trained. Each kind with its sizes; defaults are in training/settings. */
export type ModelSettings =
  /** A residual convolutional network, `small` when no size is given. */
  | { readonly kind: 'convnet'; readonly size?: ConvnetSize; readonly head?: HeadKind }
  /** A small network of depthwise and pointwise convolutions: fewer parameters, less arithmetic. */
  | { readonly kind: 'separable'; readonly head?: HeadKind }
  /** A small vision transformer: `depth` layers of `heads` heads, `width` numbers for each patch of `patch` x `patch` pixels. */
  | {
      readonly kind: 'vit';
      readonly patch: number;
      readonly width: number;
      readonly depth: number;
      readonly heads: number;
      /** Share of the features that are dropped while training, 0 to below 1. */
      readonly dropout: number;
      readonly head?: HeadKind;
    }
  /** `depth` hidden layers of `width` numbers, on a vector or on the pixels. */
  | { readonly kind: 'mlp'; readonly width: number; readonly depth: number; readonly dropout: number }
  /** One linear layer, mostly on frozen features, trained by the loss or made by a method of its own. */
  | { readonly kind: 'linear'; readonly method: LinearMethod }
  /** Of texts: the mean of `width` numbers for each n-gram of words and characters, hashed to `buckets`. */
  | { readonly kind: 'ngram-bag'; readonly buckets: number; readonly width: number; readonly head?: HeadKind }
  /** Of texts: a one-dimensional residual network of `width` channels on the first `length` bytes. */
  | { readonly kind: 'text-convnet'; readonly length: number; readonly width: number; readonly head?: HeadKind };

export const TEXT_MODELS = ['ngram-bag', 'text-convnet'] as const satisfies readonly ModelKind[];

export const LINEAR_METHODS = ['gradient', 'pca', 'whitening', 'lda', 'nca', 'lmnn', 'itml', 'mmc'] as const;
/**
 * How a linear layer is found. `gradient`: steps on the loss of the training, from the principal axes of the features. The others leave
 * the loss aside. `pca`: the principal axes; `whitening`: the same with all variances equal; `lda`: linear discriminant analysis with
 * shrinkage; `nca`: neighbourhood component analysis; `lmnn`: large margin nearest neighbours; `itml`: information-theoretic metric
 * learning; `mmc`: distances between classes as large
 * as those within allow.
 */
export type LinearMethod = (typeof LINEAR_METHODS)[number];

export const OPTIMISERS = ['adamw', 'adam', 'sgd'] as const;
export type OptimiserKind = (typeof OPTIMISERS)[number];

export type OptimiserSettings =
  | { readonly kind: 'adamw' | 'adam'; readonly beta1: number; readonly beta2: number; readonly epsilon: number }
  | { readonly kind: 'sgd'; readonly momentum: number; readonly nesterov: boolean };

export const SCHEDULES = ['cosine', 'linear', 'constant', 'step'] as const;
export type ScheduleKind = (typeof SCHEDULES)[number];

/** How the learning rate changes: it rises over `warmUp` steps, then falls to 0, stays, or falls by `factor` every `every` steps. */
export type ScheduleSettings =
  | { readonly kind: 'cosine' | 'linear' | 'constant'; readonly warmUp: number }
  | { readonly kind: 'step'; readonly warmUp: number; readonly every: number; readonly factor: number };

/** Which items the training never sees, so that the measures are honest. `auto` chooses from what the dataset has. */
export type HoldOut = 'auto' | 'class' | 'item' | 'split';

export interface AugmentationSettings {
  /** Smallest share of the area that a random crop keeps, 1 for no crop. */
  readonly crop: number;
  readonly flip: boolean;
  /** Largest change of brightness, contrast and saturation, 0 to 1. */
  readonly colour: number;
  /** Chance of turning grey. */
  readonly grey: number;
  /** Largest turn of the hue to either side, as a share of the full circle; 0 when not given. */
  readonly hue?: number;
  /** Largest turn of the picture to either side in degrees; 0 when not given. */
  readonly rotate?: number;
  /** Largest change of size: 0.25 is from 1 / 1.25 to 1.25 times; 0 when not given. */
  readonly scale?: number;
  /** Chance of a Gaussian blur; 0 when not given. */
  readonly blur?: number;
  /** Chance that a rectangle is painted over (random erasing); 0 when not given. */
  readonly erase?: number;
  /** Of texts: share of the words that are left out; 0 when not given. Of the rest, texts have `crop` only: a passage of their words. */
  readonly dropWords?: number;
}

export interface TrainingSettings {
  /** Name of the run; made from the loss and the time when empty. */
  readonly name: string;
  readonly loss: LossSettings;
  /** The convolutional network when absent; on frozen features a linear layer. */
  readonly model?: ModelSettings;
  /** Trained on the rows of this embedding, which stays as it is, instead of on images; the model is then `linear` or `mlp`. */
  readonly features?: ModelId;
  /** Length of an embedding. */
  readonly embeddingSize: number;
  /** Width and height in pixels of what the network sees. */
  readonly imageSize: number;
  /**
   * Classes and items of each class in a batch; with the sampling `super-class` from how many super-classes they are as far as these go,
   * 2 when absent.
   */
  readonly batch: { readonly classes: number; readonly perClass: number; readonly superClasses?: number };
  /** Labels where there are two or more, otherwise none, when absent. */
  readonly supervision?: SupervisionKind;
  /**
   * Columns that are the label instead of the dataset's: of a manifest, or "folder 1" ... of nested folders. With several, items are of
   * one class when they agree in all of them. Held-out items and measures go by the same.
   */
  readonly labelColumns?: readonly string[];
  /** A table of pairs, relative to the dataset's root: for `pairs`, beside what the review says. */
  readonly pairs?: string;
  /** Which classes a batch has; all equally often (`class`) when absent. */
  readonly sampling?: Sampling;
  /** The column with the super-class of each item, for the sampling `super-class`. */
  readonly superClass?: string;
  /** Of losses that learn proxies; all items the same (`equal`) when absent. */
  readonly classWeights?: ClassWeights;
  readonly learningRate: number;
  readonly weightDecay: number;
  /** AdamW when absent. */
  readonly optimiser?: OptimiserSettings;
  /** 20 steps of warm-up and a cosine when absent. */
  readonly schedule?: ScheduleSettings;
  /** Gradients whose norm, all taken together, is larger are shrunk to it; never when absent or 0. */
  readonly clipNorm?: number;
  /** How long: a number of steps (reproducible), or minutes that are turned into steps after a measured start. */
  readonly budget: { readonly steps: number } | { readonly minutes: number };
  readonly augmentation: AugmentationSettings;
  /** The training ends when this many measures in a row were no better than the best; never when absent or 0. */
  readonly earlyStop?: number;
  readonly holdOut: HoldOut;
  /** Share of the classes or items held out, when it is by class or item. */
  readonly holdOutFraction: number;
  readonly seed: number;
}

/** What a person may ask of a training that goes on. */
export type TrainingAction =
  /** Writes a checkpoint, and waits with the process and the compiled network as they are. */
  | { readonly kind: 'pause' }
  | { readonly kind: 'resume' }
  /** Ends it early; the model is kept, and the run can go on later. */
  | { readonly kind: 'stop' }
  /** From the next step on, the learning rate is `factor` times what the schedule says; 1 is the schedule itself. */
  | { readonly kind: 'rate'; readonly factor: number };

/** A person changed the learning rate: after `step` steps it became `factor` times the schedule's. */
export interface RateChange {
  readonly step: number;
  readonly factor: number;
}

export interface TrainingProgress extends Progress {
  readonly run: string;
  /** It waits until the person lets it go on. */
  readonly paused?: boolean;
  /** The newest point of the training curve, when there is one. */
  readonly metrics?: TrainingMetrics;
}

/** How far embeddings are spread over the sphere. */
export interface EmbeddingSpread {
  /** Mean cosine of all pairs: 0 when they point everywhere, 1 when all are the same. */
  readonly meanCosine: number;
  /** Mean standard deviation of a dimension, times the square root of their number: 1 when all directions are used alike, 0 for none. */
  readonly deviation: number;
  /** Set when the embeddings are nearly all the same, so that nothing can be told apart. */
  readonly collapsed?: boolean;
}

/** One line of a run's metrics.jsonl. */
export interface TrainingMetrics {
  readonly step: number;
  readonly loss: number;
  /** Of a sum of losses: what each part adds to it, its weight included, in their order. Runs of older versions do not tell. */
  readonly lossParts?: readonly number[];
  /** Share of pairs or triplets that still give a gradient. */
  readonly activeShare: number;
  /** On the held-out items; only at the steps at which it was measured. */
  readonly recallAt1?: number;
  /** MAP@R on the same items: the best checkpoint is chosen by it. Runs of older versions do not tell. */
  readonly meanAveragePrecision?: number;
  /** On held-out items of classes that the training knows, when there are such beside whole classes. */
  readonly unseenItems?: { readonly recallAt1: number; readonly meanAveragePrecision: number };
  /** Of the embeddings of all that was measured. */
  readonly spread?: EmbeddingSpread;
  readonly imagesPerSecond: number;
  readonly seconds: number;
  /** How long the step waited for its pictures. */
  readonly waitSeconds?: number;
  /** What the step was taken with; runs of older versions do not tell. */
  readonly learningRate?: number;
}

/** What one measure of a run showed beside its numbers. Items are rows of the dataset as it is now. */
export interface MeasuredProbes {
  readonly step: number;
  /** A few held-out items, the same at every measure, each with its nearest others among what is measured. */
  readonly probes: readonly { readonly item: number; readonly neighbours: readonly ItemPair[] }[];
  /** Pairs of two classes that lie nearest to each other, the nearest first. */
  readonly strangers: readonly ItemPair[];
  /** Pairs of one class that lie farthest from each other, the farthest first. */
  readonly relatives: readonly ItemPair[];
}

export interface ItemPair {
  readonly a: number;
  readonly b: number;
  /** Cosine of their embeddings. */
  readonly similarity: number;
  /** Of one class. */
  readonly isSame: boolean;
}

export type RunState =
  | 'running'
  | 'finished'
  /** Stopped by the person; the checkpoint is usable and the run can be resumed. */
  | 'stopped'
  /** The trainer went away in the middle; resumes from its last checkpoint. */
  | 'interrupted'
  | 'failed';

export interface RunSummary {
  readonly name: string;
  readonly state: RunState;
  readonly settings: TrainingSettings;
  readonly created: string;
  readonly step: number;
  readonly steps: number;
  /** The step of the checkpoint that is kept, with its measures on the held-out items: the one with the best MAP@R. */
  readonly best: BestCheckpoint | undefined;
  /** Of what the dataset has; images when not given. */
  readonly modality?: Modality;
  /** Recall@1 of raw pixels (of texts: of their descriptors) on the same items, or of the frozen features: what a run has to beat. */
  readonly baselineRecallAt1: number | undefined;
  readonly heldOut: {
    readonly by: 'class' | 'item' | 'split';
    readonly classes: number;
    readonly items: number;
    /** Held out beside whole classes: so many items of classes that the training knows. */
    readonly unseenItems?: number;
  };
  readonly device: string;
  /** Why it was this device, as a sentence. Runs of older versions do not tell. */
  readonly deviceReason?: string;
  /** When another device failed in the middle and this one went on: what happened, and what can be done. */
  readonly deviceFault?: { readonly message: string; readonly remedy: string };
  readonly problems: readonly FileProblem[];
  /** A `running` one that waits until the person lets it go on. */
  readonly paused?: boolean;
  /** What the person did to the learning rate, in order. Such a run cannot be repeated from its settings alone. */
  readonly rateChanges?: readonly RateChange[];
  /** Of a finished run on frozen features. */
  readonly verdict?: TrainingVerdict;
  /** Why a `failed` run failed. */
  readonly failure?: { readonly message: string; readonly remedy?: string } | undefined;
}

/** Whether training a head was worth it. */
export interface TrainingVerdict {
  readonly isBetter: boolean;
  /** With both numbers, for a person. */
  readonly words: string;
}

export interface BestCheckpoint {
  readonly step: number;
  readonly recallAt1: number;
  /** Runs of older versions chose by Recall@1 and do not tell. */
  readonly meanAveragePrecision?: number;
}

/** Absolute paths of an exported model and of the Python file that shows how to use it. */
export interface ExportedModel {
  readonly model: string;
  readonly snippet: string;
}

/** Something that settings cannot be trained with. */
export interface SettingsProblem {
  /** With dots: "loss.margin", "batch.classes"; empty for the settings as a whole. */
  readonly key: string;
  /** A full sentence. */
  readonly message: string;
  readonly remedy: string;
}

/** Where in kindred.json a problem is: lines and characters from 0, the end behind the last one. */
export interface ConfigurationProblem extends SettingsProblem {
  readonly start: TextPosition;
  readonly end: TextPosition;
}

export interface TextPosition {
  readonly line: number;
  readonly character: number;
}

/** Settings with the reasons for them, in words. */
export interface TrainingSuggestion {
  readonly settings: TrainingSettings;
  readonly reasons: readonly string[];
}
