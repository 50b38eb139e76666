/**
 * The border of the trainer: every request that the extension and the command line can make of it. All paths are absolute
 * unless said otherwise; big arrays are typed arrays; every long request reports progress and can be cancelled.
 */
import type {
  ApplyPlan,
  ApplyReport,
  DecisionState,
  DuplicateReport,
  DuplicateSettings,
  QuarantineBatch,
  Verdict,
} from './types/curation';
import type { Clusters, ClusterSettings } from './types/clusters';
import type {
  DatasetRef,
  DatasetSummary,
  ItemColumns,
  ItemDetail,
  LabelColumn,
  ManifestColumns,
} from './types/dataset';
import type { EmbeddingSummary, ModelId, NeighbourList, Projection, ProjectionSettings } from './types/embedding';
import type { EngineReport } from './types/engine';
import type { EvaluationReport } from './types/evaluation';
import type { ProjectionQuality } from './types/projectionQuality';
import type { SuspectList } from './types/suspects';
import type { InstalledTensorflow, TensorflowOffer, TensorflowSource } from './types/tensorflow';
import type { PresetWish } from './types/presets';
import type { Progress } from './types/progress';
import type {
  ConfigurationProblem,
  ExportedModel,
  MeasuredProbes,
  RunSummary,
  SettingsProblem,
  TrainingAction,
  TrainingMetrics,
  TrainingProgress,
  TrainingSettings,
  TrainingSuggestion,
} from './types/training';

export type * from './types/classLosses';
export type * from './types/clusters';
export type * from './types/pairLosses';
export type * from './types/curation';
export type * from './types/dataset';
export type * from './types/embedding';
export type * from './types/engine';
export type * from './types/evaluation';
export type * from './types/presets';
export type * from './types/progress';
export type * from './types/projectionQuality';
export type * from './types/sampling';
export type * from './types/suspects';
export type * from './types/tensorflow';
export type * from './types/training';

/** All that the store knows of a dataset, without touching the dataset's files. */
export interface DatasetOverview {
  readonly summary: DatasetSummary;
  readonly runs: readonly RunSummary[];
  readonly embeddings: readonly EmbeddingSummary[];
  readonly batches: readonly QuarantineBatch[];
}

/** A projection as it converges. `positions` come several times a second, x, y (and z in space) in turn. */
export interface ProjectionProgress extends Progress {
  readonly positions?: Float32Array;
}

export interface TrainerProtocol {
  /** Finds, reads, hashes and checks every file; what has not changed since the last time is not read again. */
  'dataset.open': {
    params: {
      readonly ref: DatasetRef;
      readonly manifest?: { readonly path: string; readonly columns?: ManifestColumns };
    };
    progress: Progress;
    result: DatasetSummary;
  };
  /** Code `not-found` when the dataset was never opened. */
  'dataset.overview': { params: { readonly dataset: DatasetRef }; progress: never; result: DatasetOverview };
  'dataset.columns': { params: { readonly dataset: DatasetRef }; progress: never; result: ItemColumns };
  /** The columns that look like labels. */
  'dataset.labelColumns': {
    params: { readonly dataset: DatasetRef };
    progress: never;
    result: readonly LabelColumn[];
  };
  'dataset.items': {
    params: { readonly dataset: DatasetRef; readonly items: readonly number[] };
    progress: never;
    result: readonly ItemDetail[];
  };
  /**
   * Items whose path, label, split or metadata contain every word of `text`, whatever the case; ascending. `inTexts`: or their texts,
   * of which the first 2,000 characters are looked at; those of more than 50,000 single files are not.
   */
  'dataset.search': {
    params: { readonly dataset: DatasetRef; readonly text: string; readonly inTexts?: boolean };
    progress: never;
    result: Int32Array;
  };
  /**
   * WebP pictures that fit in `size` x `size` pixels, one an item, or of texts their beginning, as long as fits there; `undefined`
   * where the file is gone or broken.
   */
  'dataset.thumbnails': {
    params: { readonly dataset: DatasetRef; readonly items: readonly number[]; readonly size: number };
    progress: never;
    result: readonly (Uint8Array | string | undefined)[];
  };

  /**
   * Which engine and device a training would compute with now, and why. What was found out about a device is kept while the
   * trainer runs, unless `again` is set. Code `engine` when what the settings ask for by name cannot be had.
   */
  'engine.devices': { params: { readonly again: boolean }; progress: Progress; result: EngineReport };
  /** From where the TensorFlow engine can be installed on this machine. */
  'engine.offers': { params: null; progress: never; result: readonly TensorflowOffer[] };
  /** Downloads and installs it; only to be asked for when the person has agreed. */
  'engine.install': { params: { readonly source: TensorflowSource }; progress: Progress; result: InstalledTensorflow };
  /** Gives whether there was one. */
  'engine.remove': { params: null; progress: never; result: boolean };

  /** Settings from kindred.json where it says something, otherwise chosen from the dataset, with the reasons. */
  'training.suggest': {
    params: {
      readonly dataset: DatasetRef;
      /** An embedding, when a head shall be trained on it. */
      readonly features?: ModelId;
      /** Before that of kindred.json. */
      readonly preset?: PresetWish;
      /** Before those of kindred.json. */
      readonly labelColumns?: readonly string[];
      /** A network is meant, where neither a preset nor features are named: something will be set that only one has. */
      readonly network?: boolean;
    };
    progress: never;
    result: TrainingSuggestion;
  };
  /** What is wrong with settings, by the trainer's own rules; nothing when they can be trained with. */
  'training.check': {
    params: { readonly dataset: DatasetRef; readonly settings: unknown };
    progress: never;
    result: readonly SettingsProblem[];
  };
  /** What is wrong with the text of the dataset's kindred.json, and where. */
  'training.checkFile': {
    params: { readonly dataset: DatasetRef; readonly text: string };
    progress: never;
    result: readonly ConfigurationProblem[];
  };
  'training.run': {
    params: { readonly dataset: DatasetRef; readonly settings: TrainingSettings };
    progress: TrainingProgress;
    result: RunSummary;
  };
  'training.resume': {
    params: { readonly dataset: DatasetRef; readonly run: string };
    progress: TrainingProgress;
    result: RunSummary;
  };
  /**
   * Pauses, resumes or stops a training that goes on, or changes its learning rate; ends when that was done. It reaches trainings
   * of other processes on the same disk too. Code `invalid-argument` when the run is not being trained.
   */
  'training.control': {
    params: { readonly dataset: DatasetRef; readonly run: string; readonly action: TrainingAction };
    progress: never;
    result: null;
  };
  'training.metrics': {
    params: { readonly dataset: DatasetRef; readonly run: string };
    progress: never;
    result: readonly TrainingMetrics[];
  };
  /** What the measures of a run showed, oldest first: neighbours of a few images, and the hardest pairs. */
  'training.probes': {
    params: { readonly dataset: DatasetRef; readonly run: string };
    progress: never;
    result: readonly MeasuredProbes[];
  };
  /** Writes the model as an ONNX file of any batch size, and a Python file beside it. `file` is an absolute path. */
  'training.export': {
    params: { readonly dataset: DatasetRef; readonly run: string; readonly file: string };
    progress: never;
    result: ExportedModel;
  };
  /** Labels that a run with the loss sub-centre ArcFace suspects to be wrong. Code `not-found` for other runs. */
  'training.suspects': {
    params: { readonly dataset: DatasetRef; readonly run: string };
    progress: never;
    result: SuspectList;
  };
  'training.delete': { params: { readonly dataset: DatasetRef; readonly run: string }; progress: never; result: null };

  /** Gives the stored embedding when it is there and fits the dataset as it is now. */
  'embedding.compute': {
    params: { readonly dataset: DatasetRef; readonly model: ModelId };
    progress: Progress;
    result: EmbeddingSummary;
  };
  /** Makes an embedding, `vectors:<name>`, of a `.npy` file with one row an item in the order of the item table. */
  'embedding.import': {
    params: {
      readonly dataset: DatasetRef;
      /** As a run may be named. What was imported under it before is replaced. */
      readonly name: string;
      /** An absolute path. */
      readonly file: string;
    };
    progress: Progress;
    result: EmbeddingSummary;
  };
  /**
   * Measures the baselines and then the model on the items that the run held out (on all labelled items when `model` is no run).
   * `falseMatchRate`, above 0 and below 1, is what a threshold is calibrated for; 0.01 when not given.
   */
  'evaluation.run': {
    params: { readonly dataset: DatasetRef; readonly model: ModelId; readonly falseMatchRate?: number };
    progress: Progress;
    result: EvaluationReport;
  };
  /**
   * Writes a report as an HTML file that stands alone, into the store when `file`, an absolute path, is not given. Gives the
   * file's path and content.
   */
  'evaluation.write': {
    params: { readonly dataset: DatasetRef; readonly report: EvaluationReport; readonly file?: string };
    progress: never;
    result: { readonly file: string; readonly html: string };
  };
  'neighbours.of': {
    params: { readonly dataset: DatasetRef; readonly embedding: string; readonly item: number; readonly k: number };
    progress: never;
    result: NeighbourList;
  };
  /** The `k` nearest neighbours of every item, row-major, one row an item; `k` is less where there are not as many items. */
  'neighbours.graph': {
    params: { readonly dataset: DatasetRef; readonly embedding: string; readonly k: number };
    progress: Progress;
    result: { readonly k: number; readonly indices: Int32Array; readonly distances: Float32Array };
  };
  /** The same by the bits in which perceptual hashes differ, which needs no embedding. */
  'neighbours.hashes': {
    params: { readonly dataset: DatasetRef; readonly k: number };
    progress: Progress;
    result: { readonly k: number; readonly indices: Int32Array; readonly distances: Float32Array };
  };
  /**
   * Gives the stored projection when there is one with these settings. Into one of most of these items the others are placed, and none of
   * those moves, unless `anew` is set: then all are laid out.
   */
  'projection.run': {
    params: {
      readonly dataset: DatasetRef;
      readonly embedding: string;
      readonly settings: ProjectionSettings;
      readonly anew?: boolean;
    };
    progress: ProjectionProgress;
    result: Projection;
  };
  /**
   * How much of the neighbourhoods the projection with these settings keeps; it is made when there is none yet. `k`: how many
   * neighbours are looked at, 15 when not given. Kept beside the projection.
   */
  'projection.quality': {
    params: {
      readonly dataset: DatasetRef;
      readonly embedding: string;
      readonly settings: ProjectionSettings;
      readonly k?: number;
    };
    progress: Progress;
    result: ProjectionQuality;
  };

  /** Gives the stored clusters when there are some with these settings. Labels and names are of the dataset as it is now. */
  'clusters.find': {
    params: { readonly dataset: DatasetRef; readonly embedding: string; readonly settings: ClusterSettings };
    progress: Progress;
    result: Clusters;
  };

  'duplicates.find': {
    params: { readonly dataset: DatasetRef; readonly settings: DuplicateSettings };
    progress: Progress;
    result: DuplicateReport;
  };
  'decisions.state': { params: { readonly dataset: DatasetRef }; progress: never; result: DecisionState };
  /** Appends to the journal, all or nothing, and is on the disk when it returns. One undo takes back one call. */
  'decisions.record': {
    params: { readonly dataset: DatasetRef; readonly verdicts: readonly Verdict[] };
    progress: never;
    result: DecisionState;
  };
  'decisions.undo': { params: { readonly dataset: DatasetRef }; progress: never; result: DecisionState };
  'apply.plan': { params: { readonly dataset: DatasetRef }; progress: never; result: ApplyPlan };
  'apply.run': { params: { readonly dataset: DatasetRef }; progress: Progress; result: ApplyReport };
  'apply.restore': {
    params: { readonly dataset: DatasetRef; readonly batch: string };
    progress: Progress;
    result: ApplyReport;
  };
}
