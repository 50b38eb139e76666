import { KindredError } from '../../rpc/errors';
import { UnusableFile } from '../dataset/fileProblem';
import { tableFormat, tableRows } from '../dataset/tableRows';
import { writeFileAtomic } from '../store/atomic';
import { files } from '../store/files';
import type { FileProblem } from '../types/dataset';
import { cellRange, cellText, type TableFormat } from './manifestCell';
import { keyOfText, pathKey } from './manifestRows';

/** A cell of a manifest that changes, as the plan of a batch keeps it: with its bytes, so that going back is exact. */
export interface PlannedLabel {
  /** Of the item, relative to the dataset's root. */
  readonly path: string;
  readonly hash: string;
  readonly from: string;
  readonly to: string;
  /** The cell as it stands in the file, before and after. */
  readonly rawFrom: string;
  readonly rawTo: string;
}

/** Which columns of a manifest name the item and its label. */
export interface LabelColumns {
  readonly path: string;
  readonly label: string;
}

interface Cell {
  readonly start: number;
  readonly end: number;
  readonly value: string;
}

interface LabelledManifest {
  readonly bytes: Buffer;
  readonly format: TableFormat;
  /** By `pathKey`; of the first row that names it, which is the item's. */
  readonly cells: ReadonlyMap<string, Cell>;
  /** Every value of every row, to see that nothing but the meant cells has changed. */
  readonly rows: readonly (readonly [string, string][])[];
}

const MARK = Buffer.from([0xef, 0xbb, 0xbf]);

async function readManifest(file: string, root: string, columns: LabelColumns): Promise<LabelledManifest> {
  const bytes = await files().readFile(file);
  const mark = bytes.subarray(0, 3).equals(MARK) ? 3 : 0;
  const format = tableFormat(file, bytes.toString('utf8', mark, mark + 65_536));
  const cells = new Map<string, Cell>();
  const rows: [string, string][][] = [];
  for await (const { start, end, values } of tableRows(file)) {
    if (values instanceof UnusableFile) continue;
    const entries = [...values];
    rows.push(entries);
    const key = keyOfText(values.get(columns.path)?.trim() ?? '', root);
    const value = values.get(columns.label);
    if (key === undefined || value === undefined || cells.has(key)) continue;
    const index = entries.findIndex(([name]) => name === columns.label);
    const range = cellRange(bytes.subarray(mark + start, mark + end), format, columns.label, index);
    if (range === undefined) continue;
    cells.set(key, { start: mark + start + range.start, end: mark + start + range.end, value: value.trim() });
  }
  return { bytes, format, cells, rows };
}

/** The cells that change, with what cannot be: rows that have no cell for the label, or are gone. */
export async function planLabels(
  file: string,
  root: string,
  columns: LabelColumns,
  wanted: readonly { readonly path: string; readonly hash: string; readonly to: string }[],
): Promise<{ readonly labels: PlannedLabel[]; readonly problems: FileProblem[] }> {
  const { bytes, cells, format } = await readManifest(file, root, columns);
  const labels: PlannedLabel[] = [];
  const problems: FileProblem[] = [];
  for (const { path, hash, to } of wanted) {
    const cell = cells.get(pathKey(path));
    if (cell === undefined) {
      const remedy = `Write "${to}" into the column "${columns.label}" by hand.`;
      problems.push({ path, reason: 'has no cell for its label in the manifest', remedy });
      continue;
    }
    const rawFrom = bytes.toString('utf8', cell.start, cell.end);
    labels.push({ path, hash, from: cell.value, to, rawFrom, rawTo: cellText(to, format, rawFrom) });
  }
  return { labels, problems };
}

export interface LabelSync {
  /** Cells that have the wanted value now, whether they had it before or not. */
  readonly done: number;
  /** Cells that still have the other value, or that are out of sight: the manifest or the row is not there. */
  readonly open: number;
  readonly problems: readonly FileProblem[];
}

interface Place {
  /** Absolute path of the manifest. */
  readonly file: string;
  readonly root: string;
  readonly columns: LabelColumns;
  /** Where a copy is written and read again before the manifest is. */
  readonly trial: string;
}

/**
 * Gives every planned cell its new value, or its old one. It looks at the manifest only, so it may be cut short and done again at
 * any time; a cell that has another value than both was changed since, stays as it is, and is listed.
 * @throws KindredError when the manifest cannot be read or written
 */
export async function syncLabels(
  place: Place,
  labels: readonly PlannedLabel[],
  side: 'from' | 'to',
): Promise<LabelSync> {
  const manifest = await readManifest(place.file, place.root, place.columns);
  const problems: FileProblem[] = [];
  const changes: CellChange[] = [];
  let [done, open] = [0, 0];
  for (const label of labels) {
    const cell = manifest.cells.get(pathKey(label.path));
    const [value, other] = side === 'to' ? [label.to, label.from] : [label.from, label.to];
    if (cell === undefined) {
      open++;
      problems.push(gone(label.path));
    } else if (cell.value === value) done++;
    else if (cell.value === other) {
      done++;
      changes.push({ cell, raw: side === 'to' ? label.rawTo : label.rawFrom });
    } else problems.push(changedSince(label.path, cell.value, value));
  }
  if (changes.length > 0) await writeCells(place, manifest, changes);
  return { done, open, problems };
}

interface CellChange {
  readonly cell: Cell;
  readonly raw: string;
}

/** Writes the manifest after a look, in a copy, that nothing but the meant cells differs. */
async function writeCells(
  { file, root, columns, trial }: Place,
  { bytes, rows }: LabelledManifest,
  changes: readonly CellChange[],
): Promise<void> {
  const parts: Buffer[] = [];
  let from = 0;
  for (const { cell, raw } of changes.toSorted((a, b) => a.cell.start - b.cell.start)) {
    parts.push(bytes.subarray(from, cell.start), Buffer.from(raw));
    from = cell.end;
  }
  parts.push(bytes.subarray(from));
  const content = Buffer.concat(parts);
  await writeFileAtomic(trial, content, { durable: false });
  const after = await readManifest(trial, root, columns).finally(() => files().unlink(trial));
  const differing = after.rows.filter((row, at) => !sameExcept(row, rows.at(at), columns.label)).length;
  const changed = after.rows.filter((row, at) => JSON.stringify(row) !== JSON.stringify(rows[at])).length;
  if (after.rows.length !== rows.length || differing > 0 || changed > changes.length) {
    throw new KindredError('bad-input', `The cells of ${file} could not be told apart, so it was left as it is.`, {
      remedy: 'Change the labels by hand.',
      path: file,
    });
  }
  await writeFileAtomic(file, content);
}

function sameExcept(
  row: readonly [string, string][],
  before: readonly [string, string][] | undefined,
  column: string,
): boolean {
  const plain = (entries: readonly [string, string][]): string =>
    JSON.stringify(entries.filter(([name]) => name !== column));
  return before !== undefined && plain(row) === plain(before);
}

function gone(path: string): FileProblem {
  const remedy = 'If its row comes back (with "Restore"), do this again.';
  return { path, reason: 'has no row in the manifest now, so its label was not changed', remedy };
}

function changedSince(path: string, value: string, wanted: string): FileProblem {
  const reason = `has the label "${value}" in the manifest now, so it was left as it is`;
  return { path, reason, remedy: `Write "${wanted}" by hand if that is what you want.` };
}
