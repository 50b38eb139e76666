import { KindredError, throwIfCancelled } from '../../../rpc/errors';
import { batchOf } from '../../curation/journalFormat';
import { openJournal } from '../../curation/journal';
import { keyOfText, pathKey } from '../../curation/manifestRows';
import { stateOf } from '../../curation/decisions';
import type { Dataset } from '../../dataset/dataset';
import { UnusableFile } from '../../dataset/fileProblem';
import { tableRows, type TableRow } from '../../dataset/tableRows';
import type { ItemTable } from '../../dataset/itemTable';
import { resolveInside } from '../../store/paths';
import { breathe } from '../../store/slices';
import type { Decision, ItemRef } from '../../types/curation';
import type { FileProblem } from '../../types/dataset';

/** Two items that somebody said to be the same or different. */
export interface GivenPair {
  readonly a: number;
  readonly b: number;
  readonly same: boolean;
  /** Who said so, for messages: `pairs.csv:12`, or the review. */
  readonly source: string;
}

export interface PairList {
  readonly pairs: readonly GivenPair[];
  /** Rows that cannot be used. */
  readonly problems: readonly FileProblem[];
}

/** Usual names of the columns, compared without case, spaces, `_` and `-`. */
const NAMES = {
  a: ['a', 'first', 'left', 'patha', 'path1', 'filea', 'file1', 'imagea', 'image1', 'itema', 'item1', 'anchor'],
  b: ['b', 'second', 'right', 'pathb', 'path2', 'fileb', 'file2', 'imageb', 'image2', 'itemb', 'item2', 'other'],
  same: ['same', 'issame', 'match', 'ismatch', 'duplicate', 'isduplicate', 'verdict', 'label', 'target', 'y'],
} as const;

const SAME = new Set(['same', '1', 'true', 'yes', 'y', 'match', 'positive', 'duplicate']);
const DIFFERENT = new Set(['different', '0', '-1', 'false', 'no', 'n', 'nomatch', 'negative', 'notduplicate']);

const ROWS_PER_BREAK = 500;

/**
 * The pairs of a CSV, TSV or JSONL file, relative to the dataset's root: two columns name items by their paths, a third says `same` or
 * `different`. A row that cannot be used is listed.
 * @throws KindredError `not-found`, or `bad-input` when it has no such columns
 */
export async function pairsOfFile(dataset: Dataset, file: string, signal?: AbortSignal): Promise<PairList> {
  const { root } = dataset.paths;
  const path = resolveInside(root, file);
  const itemOf = new Map(dataset.items.paths.map((item, row) => [pathKey(item), row]));
  const pairs: GivenPair[] = [];
  const problems: FileProblem[] = [];
  let columns: Columns | undefined;
  let rows = 0;
  for await (const row of tableRows(path)) {
    if (++rows % ROWS_PER_BREAK === 0) await breathe();
    throwIfCancelled(signal);
    const source = `${file}:${row.line}`;
    try {
      const values = valuesOf(row);
      columns ??= findColumns([...values.keys()], path);
      pairs.push({ ...pairOf(values, columns, (text) => itemOf.get(keyOfText(text, root) ?? '')), source });
    } catch (error) {
      if (!(error instanceof UnusableFile)) throw error;
      problems.push(error.at(source));
    }
  }
  return { pairs, problems };
}

interface Columns {
  readonly a: string;
  readonly b: string;
  readonly same: string;
}

function valuesOf({ values }: TableRow): ReadonlyMap<string, string> {
  if (values instanceof UnusableFile) throw values;
  return values;
}

function findColumns(names: readonly string[], path: string): Columns {
  const plain = names.map((name) => name.toLowerCase().replace(/[\s_-]/g, ''));
  const find = (wanted: readonly string[]): string => {
    const index = wanted.map((name) => plain.indexOf(name)).find((found) => found >= 0);
    if (index !== undefined) return names[index];
    const has = names.map((name) => `"${name}"`).join(', ');
    throw new KindredError(
      'bad-input',
      `${path} has no columns for two items and whether they are the same; it has ${has}.`,
      {
        remedy: 'Name its columns "a", "b" and "same"; in the last, write "same" or "different".',
        path,
      },
    );
  };
  return { a: find(NAMES.a), b: find(NAMES.b), same: find(NAMES.same) };
}

function pairOf(
  values: ReadonlyMap<string, string>,
  columns: Columns,
  itemOf: (text: string) => number | undefined,
): Omit<GivenPair, 'source'> {
  const item = (column: string): number => {
    const text = values.get(column)?.trim() ?? '';
    const found = itemOf(text);
    if (found !== undefined) return found;
    const remedy = 'Write the path of an item of the dataset, relative to its folder, or delete the line.';
    throw new UnusableFile(text === '' ? `names no item in "${column}"` : `names "${text}", which is no item`, remedy);
  };
  const [a, b] = [item(columns.a), item(columns.b)];
  if (a === b) throw new UnusableFile('names one item twice', 'Name two items, or delete the line.');
  const text = values.get(columns.same) ?? '';
  const verdict = text.toLowerCase().replace(/[\s_]|(?<=.)-/g, '');
  if (SAME.has(verdict)) return { a, b, same: true };
  if (DIFFERENT.has(verdict)) return { a, b, same: false };
  throw new UnusableFile(`says "${text}" in "${columns.same}"`, 'Write "same" or "different".');
}

/**
 * What the review of duplicates says of pairs: items judged not to be duplicates of each other are different; where one item of a group
 * was kept and others were removed in one decision, they are the same. A decision about many groups at once does not say which belong
 * together, and is left out.
 */
export async function pairsOfReview({ items, paths }: Dataset): Promise<GivenPair[]> {
  const { decisions } = stateOf(items, await openJournal(paths).read());
  const pairs: GivenPair[] = [];
  const batches = new Map<string, Decision[]>();
  for (const decision of decisions) {
    if (decision.kind === 'not-duplicate') pairs.push(...allPairs(itemsOf(items, decision.items)));
    const batch = batchOf(decision.id);
    batches.set(batch, [...(batches.get(batch) ?? []), decision]);
  }
  for (const batch of batches.values()) {
    const refs = (kind: 'keep' | 'remove'): ItemRef[] =>
      batch.flatMap((decision) => (decision.kind === kind ? [decision.item] : []));
    const kept = refs('keep');
    if (kept.length !== 1) continue;
    const a = itemsOf(items, kept).at(0);
    if (a === undefined) continue;
    for (const b of itemsOf(items, refs('remove'))) if (a !== b) pairs.push({ a, b, same: true, source: REVIEW });
  }
  return pairs;
}

const REVIEW = 'the review';

function allPairs(items: readonly number[]): GivenPair[] {
  return items.flatMap((a, i) => items.slice(i + 1).map((b) => ({ a, b, same: false, source: REVIEW })));
}

/** Items that are there, by path, or by content where only one has it. */
function itemsOf({ hashes, paths }: Pick<ItemTable, 'hashes' | 'paths'>, refs: readonly ItemRef[]): number[] {
  return refs.flatMap((ref) => {
    const copies = hashes.flatMap((hash, item) => (hash === ref.hash ? [item] : []));
    const item = copies.find((copy) => paths[copy] === ref.path) ?? (copies.length === 1 ? copies[0] : undefined);
    return item === undefined ? [] : [item];
  });
}
