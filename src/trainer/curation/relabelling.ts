import { posix } from 'node:path';
import type { Dataset } from '../dataset/dataset';
import { resolveInside } from '../store/paths';
import type { DecisionState, PlannedRelabelling } from '../types/curation';
import type { FileProblem } from '../types/dataset';
import { planLabels, type PlannedLabel } from './manifestLabels';
import { isThere } from './moveFile';
import type { PlannedFile } from './quarantine';

type Subject = Pick<Dataset, 'items' | 'summary' | 'paths'>;

/** The labels that an apply would change; an item that is to be removed keeps its label. */
export function relabelsOf({ items }: Pick<Dataset, 'items'>, state: DecisionState): PlannedRelabelling[] {
  const removed = new Set(state.remove);
  return (state.relabel ?? [])
    .filter(({ item }) => !removed.has(item))
    .map(({ item, label }) => ({
      item,
      label,
      path: items.paths[item],
      before: items.label.categories.at(items.label.codes[item]),
    }));
}

export interface RelabelPlan {
  /** Files that move to the folder of their label. */
  readonly files: readonly PlannedFile[];
  /** Cells of the manifest. */
  readonly labels: readonly PlannedLabel[];
  readonly problems: readonly FileProblem[];
}

/** How each item gets its label: in a manifest by its cell, elsewhere by a move to the folder of the label, in the same split. */
export async function planRelabels(dataset: Subject, relabels: readonly PlannedRelabelling[]): Promise<RelabelPlan> {
  const { items, paths, summary } = dataset;
  const { source } = summary;
  if (relabels.length === 0) return { files: [], labels: [], problems: [] };
  if (source.kind !== 'manifest') return planMoves(dataset, relabels);
  const { path, label } = source.columns;
  if (path === undefined) {
    const remedy = `Change the label in ${source.path}.`;
    const reason = 'is a row of a table, which Kindred does not change';
    return { files: [], labels: [], problems: relabels.map((one) => ({ path: one.path, reason, remedy })) };
  }
  if (label === undefined) {
    const remedy = `Add a column "label" to ${source.path}, and open the dataset again.`;
    const problems = relabels.map((one) => ({ path: one.path, reason: 'has no label in the manifest', remedy }));
    return { files: [], labels: [], problems };
  }
  const wanted = relabels.map((one) => ({ path: one.path, hash: items.hashes[one.item], to: one.label }));
  const file = resolveInside(paths.root, source.path);
  return { files: [], ...(await planLabels(file, paths.root, { path, label }, wanted)) };
}

async function planMoves({ items, paths }: Subject, relabels: readonly PlannedRelabelling[]): Promise<RelabelPlan> {
  const files: PlannedFile[] = [];
  const problems: FileProblem[] = [];
  const taken = new Set<string>();
  for (const { item, label, path } of relabels) {
    if (!isFolderName(label)) {
      const remedy = 'Choose a label that can be the name of a folder.';
      problems.push({ path, reason: `cannot get the label "${label}", which is no name of a folder`, remedy });
      continue;
    }
    const split = items.split.codes[item] >= 0 ? [path.split('/')[0]] : [];
    const wanted = [...split, label, posix.basename(path)].join('/');
    const to = await freePath(paths.root, wanted, taken);
    taken.add(to);
    files.push({ path, hash: items.hashes[item], bytes: items.bytes[item], to });
  }
  return { files, labels: [], problems };
}

/** `cat/1.png`, or `cat/1 (2).png` and so on where something has that name: numbered files are usual in class folders. */
async function freePath(root: string, wanted: string, taken: ReadonlySet<string>): Promise<string> {
  const { dir, name, ext } = posix.parse(wanted);
  for (let n = 1; ; n++) {
    const path = n === 1 ? wanted : `${dir}/${name} (${n})${ext}`;
    if (!taken.has(path) && !(await isThere(resolveInside(root, path)))) return path;
  }
}

/** Not hidden, and the same wherever it is written: a label of nested folders has slashes. */
function isFolderName(label: string): boolean {
  return label.split('/').every((part) => part !== '' && !part.startsWith('.') && !/[\\:*?"<>|\0]|[. ]$/.test(part));
}
