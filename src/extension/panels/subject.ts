import type { ModelId } from '../../trainer/protocol';
import type { PanelCommand, PanelSubject, RelayedMethod, TrainingPage } from '../../webview/protocol';
import { isDatasetRef } from '../datasets/datasetRef';

export type PanelView = PanelSubject['view'];

/** Kept here and not imported from the panels' protocol: the extension takes only types from another room. */
export const RELAYED: Readonly<Record<RelayedMethod, true>> = {
  'dataset.overview': true,
  'dataset.columns': true,
  'dataset.labelColumns': true,
  'dataset.items': true,
  'dataset.search': true,
  'dataset.thumbnails': true,
  'training.suggest': true,
  'training.check': true,
  'training.control': true,
  'training.metrics': true,
  'training.probes': true,
  'training.suspects': true,
  'embedding.compute': true,
  'neighbours.of': true,
  'projection.run': true,
  'projection.quality': true,
  'clusters.find': true,
  'duplicates.find': true,
  'decisions.state': true,
  'decisions.record': true,
  'decisions.undo': true,
  'apply.plan': true,
};

const COMMANDS: Readonly<Record<PanelCommand, true>> = {
  'kindred.train': true,
  'kindred.resumeRun': true,
  // Asks before it deletes.
  'kindred.deleteRun': true,
  'kindred.explore': true,
  'kindred.reviewDuplicates': true,
  'kindred.applyDecisions': true,
  'kindred.restore': true,
};

export function isPanelCommand(value: unknown): value is PanelCommand {
  return typeof value === 'string' && Object.hasOwn(COMMANDS, value);
}

export function isModelId(value: unknown): value is ModelId {
  return value === 'descriptor' || value === 'pixels' || (typeof value === 'string' && /^(run|vectors):./.test(value));
}

/** The subject in what a panel saved for itself, when it is sound and of that view. */
export function subjectOf(state: unknown, view: PanelView): PanelSubject | undefined {
  if (typeof state !== 'object' || state === null) return undefined;
  const { subject } = state as { subject?: unknown };
  return isSubject(subject) && subject.view === view ? subject : undefined;
}

export function isSubject(value: unknown): value is PanelSubject {
  if (typeof value !== 'object' || value === null) return false;
  const { view, dataset, model, run, page } = value as Record<'view' | 'dataset' | 'model' | 'run' | 'page', unknown>;
  if (!isDatasetRef(dataset)) return false;
  if (view === 'suspects') return typeof run === 'string' && run !== '';
  if (view === 'training') {
    return typeof run === 'string' && (page === undefined ? run !== '' : isTrainingPage(page, run));
  }
  return (view === 'explore' || view === 'review') && isModelId(model);
}

/** Only the page of one run needs one. */
export function isTrainingPage(page: unknown, run: string): page is TrainingPage {
  return page === 'compare' || page === 'new' || (page === 'run' && run !== '');
}
