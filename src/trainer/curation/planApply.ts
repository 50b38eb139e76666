import { basename } from 'node:path';
import type { Dataset } from '../dataset/dataset';
import type { ApplyPlan, DecisionState } from '../types/curation';
import { relabelsOf } from './relabelling';

/** As many examples are named in one warning. */
const EXAMPLES = 3;

/** What `applyDecisions` would do now: the items judged `remove` or `relabel`, and what the person should know before. */
export function planApply(dataset: Pick<Dataset, 'items' | 'summary' | 'paths'>, state: DecisionState): ApplyPlan {
  const { items, summary, paths } = dataset;
  const blocked = rowsThatStay(dataset, state);
  return {
    items: state.remove,
    paths: state.remove.map((item) => items.paths[item]),
    bytes: state.remove.reduce((sum, item) => sum + items.bytes[item], 0),
    quarantine: basename(paths.quarantine),
    manifest: summary.source.kind === 'manifest' ? summary.source.path : undefined,
    relabel: relabelsOf(dataset, state),
    warnings: warningsOf(dataset, state.remove),
    ...(blocked === undefined ? {} : { blocked }),
  };
}

/** Rows of a table have no files that could be moved, and Kindred does not change the table; an apply would end there. */
function rowsThatStay({ summary: { source } }: Pick<Dataset, 'summary'>, state: DecisionState): string | undefined {
  if (source.kind !== 'manifest' || source.columns.path !== undefined) return undefined;
  const wanted = state.remove.length + (state.relabel ?? []).length;
  if (wanted === 0) return undefined;
  return `The texts are rows of ${source.path}, which Kindred does not change: nothing of this can be applied. List the decisions with "kindred decisions --json" and change the rows yourself.`;
}

function warningsOf({ items }: Pick<Dataset, 'items'>, remove: readonly number[]): string[] {
  if (remove.length === 0) return [];
  if (remove.length === items.count) return ['No item stays: every one of them is marked to be removed.'];
  const warnings: string[] = [];
  const lost = emptied(items.hashes, remove).filter((copies) => copies.length > 1);
  if (lost.length > 0) {
    const names = lost.slice(0, EXAMPLES).map((copies) => `${items.paths[copies[0]]} (${copies.length} copies)`);
    warnings.push(`All copies of one item go, so that none of it stays: ${listed(names, lost.length)}.`);
  }
  const { codes, categories } = items.label;
  const labels = emptied(
    Array.from(codes),
    remove.filter((item) => codes[item] >= 0),
  );
  if (labels.length > 0) {
    const names = labels.slice(0, EXAMPLES).map(([item]) => `"${categories[codes[item]]}"`);
    warnings.push(`A label loses its last item: ${listed(names, labels.length)}.`);
  }
  return warnings;
}

/** The removed items of every value of which no item stays. */
function emptied(valueOf: readonly (string | number)[], remove: readonly number[]): number[][] {
  const counts = new Map<string | number, number>();
  for (const value of valueOf) counts.set(value, (counts.get(value) ?? 0) + 1);
  const removed = new Map<string | number, number[]>();
  for (const item of remove) {
    const items = removed.get(valueOf[item]);
    if (items) items.push(item);
    else removed.set(valueOf[item], [item]);
  }
  return [...removed].filter(([value, items]) => items.length === counts.get(value)).map(([, items]) => items);
}

function listed(names: readonly string[], count: number): string {
  return names.join(', ') + (count > names.length ? ` and ${count - names.length} more` : '');
}
