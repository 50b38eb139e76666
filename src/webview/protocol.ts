/**
 * The border between the extension and its panels. A panel asks for what it shows and never for more; most of what it asks
 * goes through to the trainer as it is, so those methods are the trainer's own.
 */
import type { DatasetRef, ModelId, TrainerProtocol, TrainingProgress, TrainingSettings } from '../trainer/protocol';

/** The trainer's methods that a panel may call; the extension relays them, with progress and cancellation. */
export const RELAYED_METHODS = [
  'dataset.overview',
  'dataset.columns',
  'dataset.labelColumns',
  'dataset.items',
  'dataset.search',
  'dataset.thumbnails',
  'training.suggest',
  'training.check',
  'training.control',
  'training.metrics',
  'training.probes',
  'training.suspects',
  'embedding.compute',
  'neighbours.of',
  'projection.run',
  'projection.quality',
  'clusters.find',
  'duplicates.find',
  'decisions.state',
  'decisions.record',
  'decisions.undo',
  'apply.plan',
] as const satisfies readonly (keyof TrainerProtocol)[];

export type RelayedMethod = (typeof RELAYED_METHODS)[number];

/** What a panel shows. Kept by the window, so that a panel comes back after a reload as it was. */
export type PanelSubject =
  | { readonly view: 'explore'; readonly dataset: DatasetRef; readonly model: ModelId }
  /** `model`: whose embedding is compared, beside content and perceptual hashes. */
  | { readonly view: 'review'; readonly dataset: DatasetRef; readonly model: ModelId }
  /** Labels that the run suspects. */
  | { readonly view: 'suspects'; readonly dataset: DatasetRef; readonly run: string }
  /** Without a run on the pages that compare runs or begin one; the page `new` with a run begins from its settings. */
  | {
      readonly view: 'training';
      readonly dataset: DatasetRef;
      readonly run: string;
      readonly page?: TrainingPage;
    };

/** One run, several side by side, or the form of a new one; `run` when it is not said. */
export type TrainingPage = 'run' | 'compare' | 'new';

export interface HostProtocol extends Pick<TrainerProtocol, RelayedMethod> {
  /** First call of every panel. */
  'panel.subject': { params: null; progress: never; result: PanelSubject };
  /** Opens the item's file beside the panel. */
  'panel.openItem': { params: { readonly item: number }; progress: never; result: null };
  'panel.revealItem': { params: { readonly item: number }; progress: never; result: null };
  /**
   * Runs one of Kindred's own commands on the panel's dataset: the buttons of empty states, "Apply ...". `run`: another one than
   * the panel shows; `settings`: what `kindred.train` trains with, without asking.
   */
  'panel.command': {
    params: { readonly command: PanelCommand; readonly run?: string; readonly settings?: TrainingSettings };
    progress: never;
    result: null;
  };
  /** The panel shows another run or page now: it is told what becomes of that one, and comes back with it. */
  'training.show': { params: { readonly run: string; readonly page: TrainingPage }; progress: never; result: null };
  /** Writes kindred.json and opens it, when the person does not mind what was there; gives whether it was written. */
  'training.save': { params: { readonly settings: TrainingSettings }; progress: never; result: boolean };
  /** Stops the run that the panel shows; what it has learned is kept. */
  'training.stop': { params: null; progress: never; result: null };
  /** Writes to Kindred's log: a defect in a panel must not vanish with it. */
  'panel.log': {
    params: { readonly level: 'info' | 'error'; readonly message: string };
    progress: never;
    result: null;
  };
}

export type PanelCommand =
  | 'kindred.train'
  | 'kindred.resumeRun'
  | 'kindred.deleteRun'
  | 'kindred.explore'
  | 'kindred.reviewDuplicates'
  | 'kindred.applyDecisions'
  | 'kindred.restore';

/** What the extension may ask of a panel. */
export interface PanelProtocol {
  /** Something that the panel shows has changed: a training finished, files were applied or restored. */
  'panel.refresh': { params: { readonly what: 'dataset' | 'decisions' | 'runs' }; progress: never; result: null };
  /** The run that the panel shows goes on. */
  'training.progress': { params: TrainingProgress; progress: never; result: null };
  /** Shows an item, as if the person had clicked it. */
  'panel.select': { params: { readonly item: number }; progress: never; result: null };
  /** The panel shows another model's embedding, or another run. */
  'panel.show': { params: PanelSubject; progress: never; result: null };
}
