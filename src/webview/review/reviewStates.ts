import type { DatasetSummary, DuplicateReport } from '../../trainer/protocol';
import { emptyState, formatBytes, formatCount, formatItems } from '../shell';
import { MAX_EMBEDDING } from './thresholdPane';
import { cosineWords } from './distanceWords';
import type { SearchSettings } from './search';
import type { ReviewSummary } from './summary';
import { MAX_PERCEPTUAL } from './thresholds';

/** What was compared, in words. */
export function comparedWords(settings: SearchSettings): string {
  const ways = ['by content'];
  if (settings.perceptualDistance >= 0) ways.push(`by perceptual hash (within ${settings.perceptualDistance} bits)`);
  if (settings.model !== 'none') {
    const model =
      settings.model === 'descriptor'
        ? 'colours and gradients'
        : settings.model.replace(/^run:/, 'the embedding of run ');
    ways.push(`by ${model} (within ${cosineWords(settings.embeddingDistance)})`);
  }
  return ways.length === 1 ? ways[0] : `${ways.slice(0, -1).join(', ')} and ${ways.at(-1)!}`;
}

/** Settings that find more; undefined when they already find all that they can. */
export function loosened(settings: SearchSettings): SearchSettings | undefined {
  const perceptualDistance = Math.min(MAX_PERCEPTUAL, Math.max(4, settings.perceptualDistance + 4));
  const embeddingDistance = Math.min(MAX_EMBEDDING, Math.max(0.01, settings.embeddingDistance * 2));
  const same =
    perceptualDistance === settings.perceptualDistance &&
    (settings.model === 'none' || embeddingDistance === settings.embeddingDistance);
  return same ? undefined : { ...settings, perceptualDistance, embeddingDistance };
}

export function noDuplicates(
  dataset: DatasetSummary,
  settings: SearchSettings,
  search: (settings: SearchSettings) => void,
  explore: () => void,
): HTMLElement {
  const looser = loosened(settings);
  return emptyState({
    title: 'No duplicates found',
    text: `${formatItems(dataset.items, 'image')} of ${dataset.name} were compared ${comparedWords(settings)}.`,
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

export function allReviewed(summary: ReviewSummary, report: DuplicateReport, actions: DoneActions): HTMLElement {
  const removes = summary.removed > 0;
  const outcome = removes
    ? `${formatItems(summary.removed, 'item')} (${formatBytes(summary.removedBytes)}) marked for removal.`
    : 'Nothing is marked for removal.';
  const near =
    summary.nearReviewed > 0
      ? ` ${formatCount(summary.nearConfirmed)} of ${formatItems(summary.nearReviewed, 'near group')} were duplicates: ${adviceOf(summary)}`
      : '';
  const loosen = actions.loosen && worthLoosening(summary, report) ? actions.loosen : undefined;
  return emptyState({
    title: `All ${formatItems(summary.total, 'group')} reviewed`,
    text: `${outcome}${near}${removes ? ' The files stay where they are until you apply the decisions.' : ''}`,
    icon: 'pass',
    actions: [
      ...(removes ? [{ label: 'Apply decisions…', kind: 'primary' as const, onClick: actions.apply }] : []),
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
    : 'looser thresholds would mostly find pictures that are only alike.';
}
