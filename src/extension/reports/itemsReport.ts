import type { DatasetSource, DatasetSummary, NamedCount } from '../../trainer/protocol';
import { items } from '../ui/counts';
import type { Translate } from '../ui/l10n';
import { bytes, count, percent } from '../ui/progressText';
import { document, escape, table } from './markdown';

/** Rows of a table of labels; a dataset may have tens of thousands. */
const MOST = 500;

/** What a dataset holds: counts by label and split. */
export function itemsReport(summary: DatasetSummary, t: Translate): string {
  return document(
    `# ${escape(summary.name)}`,
    t('{0}, {1}, in {2}.', items(summary.items, summary.modality, t), bytes(summary.bytes), escape(summary.ref.root)),
    sourceText(summary.source, t),
    countTable(t('Splits'), t('Split'), summary.splits, summary.items, t),
    countTable(t('Labels'), t('Label'), summary.labels, summary.items, t),
  );
}

function sourceText(source: DatasetSource, t: Translate): string {
  switch (source.kind) {
    case 'class-folders':
      return t('Labels are the names of the folders.');
    case 'flat':
      return t('Items without labels.');
    case 'manifest':
      return source.columns.path === undefined
        ? t('Rows of {0}: column "{1}" has the texts.', escape(source.path), escape(source.columns.text ?? ''))
        : t('Listed in {0}: column "{1}" has the paths.', escape(source.path), escape(source.columns.path));
  }
}

function countTable(title: string, name: string, counts: readonly NamedCount[], total: number, t: Translate): string {
  if (counts.length === 0) return '';
  const sorted = [...counts].sort((a, b) => b.count - a.count);
  const rows = sorted
    .slice(0, MOST)
    .map((entry) => [entry.name, count(entry.count), percent(entry.count / Math.max(1, total))]);
  const rest = sorted.length > MOST ? t('... and {0} more.', count(sorted.length - MOST)) : '';
  return document(`## ${title} (${count(counts.length)})`, table([name, t('Items'), t('Share')], rows), rest).trimEnd();
}
