import type { Command } from 'commander';
import { KindredError } from '../../rpc/errors';
import type { DatasetSummary, LabelColumn, ManifestColumns } from '../../trainer/protocol';
import { EXIT } from '../exitCodes';
import { problemsText } from '../problems';
import type { Running } from '../running';
import type { CommonOptions } from '../session';
import { bytesText, count, table } from '../table';

interface Options extends CommonOptions {
  readonly manifest?: string;
  readonly pathColumn?: string;
  readonly textColumn?: string;
  readonly labelColumn?: string;
  readonly splitColumn?: string;
}

interface ManifestChoice {
  readonly path: string;
  readonly columns?: ManifestColumns;
}

const EXAMPLES = `
Examples:
  kindred open photos
  kindred open photos --manifest photos/labels.csv --path-column file --label-column animal
  kindred open mails --manifest mails/mails.csv --text-column body --label-column kind
  kindred open photos --json | jq .problems`;

const LABELS_SHOWN = 12;

export function addOpen(program: Command, running: Running): void {
  const command = program
    .command('open')
    .description('find, read and check every image or text of a dataset')
    .option('--manifest <file>', 'a CSV, TSV or JSONL table that names the files, or has the texts')
    .option('--path-column <name>', "the manifest's column of paths")
    .option('--text-column <name>', "the manifest's column of texts, where it names no files")
    .option('--label-column <name>', "the manifest's column of labels")
    .option('--split-column <name>', "the manifest's column of splits")
    .addHelpText('after', EXAMPLES);
  running.serve(command, async (session) => {
    const options = command.opts<Options>();
    const manifest = manifestOf(options);
    const summary =
      manifest === undefined
        ? await session.open()
        : await session.call('dataset.open', { ref: session.ref, manifest });
    const code = summary.problems.length > 0 ? EXIT.problems : EXIT.fine;
    const labelColumns = await session.call('dataset.labelColumns', { dataset: session.ref });
    return { code, document: { summary, labelColumns }, text: summaryText(summary, labelColumns) };
  });
}

/**
 * Columns that are not named are found by their names where neither that of the paths nor that of the texts is.
 * @throws KindredError `invalid-argument` for columns of no manifest
 */
function manifestOf({
  manifest,
  pathColumn,
  textColumn,
  labelColumn,
  splitColumn,
}: Options): ManifestChoice | undefined {
  const columns: ManifestColumns = {
    ...(pathColumn === undefined ? {} : { path: pathColumn }),
    ...(textColumn === undefined ? {} : { text: textColumn }),
    ...(labelColumn === undefined ? {} : { label: labelColumn }),
    ...(splitColumn === undefined ? {} : { split: splitColumn }),
  };
  const isNamed = Object.keys(columns).length > 0;
  if (manifest !== undefined) return { path: manifest, ...(isNamed ? { columns } : {}) };
  if (!isNamed) return undefined;
  throw new KindredError('invalid-argument', 'The columns are of no table.', {
    remedy: 'Name the table with --manifest. (To train by another column, use --label-column of "kindred train".)',
  });
}

function labelColumnsText(columns: readonly LabelColumn[]): string {
  const names = columns.map(({ name, classes }) => `${name} (${count(classes, 'class', 'classes')})`);
  return `Columns that look like labels: ${names.join(', ')}. Train by another or by several with --label-column.`;
}

function summaryText(summary: DatasetSummary, labelColumns: readonly LabelColumn[]): string {
  const { name, modality, items, bytes, labels, splits, problems, warnings, source } = summary;
  const from = { 'class-folders': 'class folders', flat: 'one folder, no labels', manifest: 'a manifest' }[source.kind];
  const parts = [`${name}: ${count(items, modality)}, ${bytesText(bytes)} (${from})`];
  if (labels.length > 0) {
    const rows = [...labels].sort((a, b) => b.count - a.count).slice(0, LABELS_SHOWN);
    const more = labels.length > rows.length ? `\n... and ${count(labels.length - rows.length, 'more label')}` : '';
    parts.push(
      '',
      table(
        ['Label', 'Items'],
        rows.map((label) => [label.name, label.count]),
      ) + more,
    );
  }
  if (splits.length > 0)
    parts.push(
      '',
      table(
        ['Split', 'Items'],
        splits.map((split) => [split.name, split.count]),
      ),
    );
  const own = source.kind === 'manifest' ? source.columns.label : 'label';
  if (labelColumns.some((column) => column.name !== own)) parts.push('', labelColumnsText(labelColumns));
  if (warnings.length > 0) parts.push('', ...warnings.map(({ message, remedy }) => `Note: ${message} ${remedy}`));
  return (
    parts.join('\n') +
    problemsText(problems)
      .replace(/^./s, '\n\n')
      .replace(/\n\n\n/, '\n\n')
  );
}
