import type { DatasetSummary, DuplicateReport } from '../../trainer/protocol';
import { emptyState, formatBytes, formatCount, formatItems } from '../shell';
import { comparedWords, loosened } from './searchWords';
import type { SearchSettings } from './search';
import { reviewedWords, type ReviewSummary } from './summary';

export function noDuplicates(
  dataset: DatasetSummary,
  settings: SearchSettings,
  search: (settings: SearchSettings) => void,
  explore: () => void,
): HTMLElement {
  const looser = loosened(settings);
  return emptyState({
    title: 'No duplicates found',
    text: `${formatItems(dataset.items, dataset.modality)} of ${dataset.name} were compared ${comparedWords(settings, dataset.modality)}.`,
    icon: 'pass',
    actions: [
      ...(looser ? [{ label: 'Loosen the thresholds', kind: 'primary' as const, onClick: () => search(looser) }] : []),
      { label: 'Explore embeddings', onClick: explore },
    ],
  });
}

export interface DoneActions {
  readonly apply: () => void;
  readonly again: () => void;
  readonly loosen: (() => void) | undefined;
}

/** @param blocked why nothing of the decisions can be applied, where that is so */
export function allReviewed(
  summary: ReviewSummary,
  report: DuplicateReport,
  actions: DoneActions,
  blocked?: string,
): HTMLElement {
  const removes = summary.removed > 0;
  const outcome = removes
    ? `${formatItems(summary.removed, 'item')} (${formatBytes(summary.removedBytes)}) marked for removal.`
    : 'Nothing is marked for removal.';
  const near =
    summary.nearReviewed > 0
      ? ` ${formatCount(summary.nearConfirmed)} of ${formatItems(summary.nearReviewed, 'near group')} were duplicates: ${adviceOf(summary)}`
      : '';
  const loosen = actions.loosen && worthLoosening(summary, report) ? actions.loosen : undefined;
  const next = removes ? ` ${blocked ?? 'The files stay where they are until you apply the decisions.'}` : '';
  return emptyState({
    title: reviewedWords(summary.total),
    text: `${outcome}${near}${next}`,
    icon: 'pass',
    actions: [
      ...(removes && blocked === undefined
        ? [{ label: 'Apply decisions…', kind: 'primary' as const, onClick: actions.apply }]
        : []),
      ...(loosen ? [{ label: 'Look further: loosen the thresholds', onClick: loosen }] : []),
      { label: 'Look through them again', onClick: actions.again },
    ],
  });
}

function worthLoosening(summary: ReviewSummary, report: DuplicateReport): boolean {
  return (
    report.groups.length > 0 && (summary.nearReviewed === 0 || summary.nearConfirmed / summary.nearReviewed >= 0.5)
  );
}

function adviceOf({ nearConfirmed, nearReviewed }: ReviewSummary): string {
  return nearConfirmed / nearReviewed >= 0.5
    ? 'looser thresholds may find more.'
    : 'looser thresholds would mostly find items that are only alike.';
}
