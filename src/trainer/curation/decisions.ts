import type { Dataset } from '../dataset/dataset';
import type { ItemTable } from '../dataset/itemTable';
import type { Decision, DecisionState, ItemRef, Relabelling, Verdict } from '../types/curation';
import type { Journal } from './journal';

/** Paths of copies that a decision names, so that a rename can be told from another copy. */
const MOST_OTHERS = 16;

type Items = Pick<ItemTable, 'hashes' | 'paths' | 'label'>;
type ItemVerdict = Extract<Decision, { kind: 'keep' | 'remove' }>;
type LabelVerdict = Extract<Decision, { kind: 'label-right' | 'relabel' }>;

/** What the journal says about the items as they are now. */
export async function decisionState(dataset: Pick<Dataset, 'items'>, journal: Journal): Promise<DecisionState> {
  return stateOf(dataset.items, await journal.read());
}

/** Appends verdicts, each item with the paths of its copies (see `ItemRef.others`). One undo takes back one call. */
export async function recordVerdicts(
  dataset: Pick<Dataset, 'items'>,
  journal: Journal,
  verdicts: readonly Verdict[],
): Promise<DecisionState> {
  const copies = copiesOf(dataset.items);
  const named = (ref: ItemRef): ItemRef => withOthers(ref, dataset.items, copies);
  await journal.append(
    verdicts.map((verdict) =>
      verdict.kind === 'not-duplicate'
        ? { kind: verdict.kind, items: verdict.items.map(named) }
        : { ...verdict, item: named(verdict.item) },
    ),
  );
  return decisionState(dataset, journal);
}

function withOthers({ hash, path }: ItemRef, items: Items, copies: ReadonlyMap<string, readonly number[]>): ItemRef {
  const paths = (copies.get(hash) ?? []).map((item) => items.paths[item]);
  const others = paths.filter((other) => other !== path).slice(0, MOST_OTHERS);
  return others.length === 0 ? { hash, path } : { hash, path, others };
}

/** Pure: what a list of decisions means for a table of items. */
export function stateOf(items: Items, journal: readonly Decision[]): DecisionState {
  const undone = new Set(journal.flatMap((decision) => (decision.kind === 'undo' ? decision.of : [])));
  const standing = journal.filter(({ kind, id }) => kind !== 'undo' && !undone.has(id));
  const decisions = withoutSuperseded(standing);
  const verdicts = verdictsOfItems(items, decisions.filter(isItemVerdict));
  const judged = (kind: ItemVerdict['kind']): number[] =>
    [...verdicts].flatMap(([item, verdict]) => (verdict.kind === kind ? [item] : [])).sort((a, b) => a - b);
  return {
    decisions,
    keep: judged('keep'),
    remove: judged('remove'),
    ...labelsJudged(items, decisions.filter(isLabelVerdict)),
    canUndo: standing.length > 0,
  };
}

/** A relabelling of an item that has the label by now, or a label that was right and is another now, says nothing more. */
function labelsJudged(
  items: Items,
  verdicts: readonly LabelVerdict[],
): Required<Pick<DecisionState, 'relabel' | 'labelRight'>> {
  const labelRight: number[] = [];
  const relabel: Relabelling[] = [];
  const byItem = [...verdictsOfItems(items, verdicts)].sort(([a], [b]) => a - b);
  for (const [item, { kind, label }] of byItem) {
    const has = items.label.categories[items.label.codes[item]] === label;
    if (kind === 'relabel' && !has) relabel.push({ item, label });
    if (kind === 'label-right' && has) labelRight.push(item);
  }
  return { relabel, labelRight };
}

function isItemVerdict(decision: Decision): decision is ItemVerdict {
  return decision.kind === 'keep' || decision.kind === 'remove';
}

function isLabelVerdict(decision: Decision): decision is LabelVerdict {
  return decision.kind === 'label-right' || decision.kind === 'relabel';
}

/** A later keep or remove of the same item is in force instead of an earlier one, and a later word about its label too. */
function withoutSuperseded(decisions: readonly Decision[]): Decision[] {
  const seen = new Set<string>();
  const inForce = decisions.toReversed().filter((decision) => {
    if (!isItemVerdict(decision) && !isLabelVerdict(decision)) return true;
    const { hash, path, others } = decision.item;
    const about = isItemVerdict(decision) ? 'item' : 'label';
    const key = others === undefined ? `${about} ${hash}` : `${about} ${hash}\0${path}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
  return inForce.reverse();
}

/**
 * Which item each verdict is about now. A verdict is about a content, so it follows a renamed or moved file; where several
 * items had the content, it is about one path, and another copy is never taken for it:
 * - an item at the path with the content is meant;
 * - else, if the content was single when it was decided and is single now, the file was renamed: that item is meant;
 * - else, if as many copies are there as then, the file was renamed among its copies: the one that is at no path of those
 *   others (if several, the one that shares the longest end of its path) is meant;
 * - else (a copy is gone, or there is a doubt) nothing is: an item without a verdict is shown again, which is better than
 *   removing a last copy.
 * The newest verdict about an item counts.
 */
function verdictsOfItems<V extends ItemVerdict | LabelVerdict>(items: Items, verdicts: readonly V[]): Map<number, V> {
  const copies = copiesOf(items);
  const meant = new Map<number, V>();
  const atPath = (verdict: V): number | undefined =>
    copies.get(verdict.item.hash)?.find((item) => items.paths[item] === verdict.item.path);
  const claimed = new Set(verdicts.flatMap((verdict) => atPath(verdict) ?? []));
  for (const verdict of verdicts) {
    const item = atPath(verdict) ?? renamed(verdict.item, items, copies.get(verdict.item.hash) ?? [], claimed);
    if (item !== undefined) meant.set(item, verdict);
  }
  return meant;
}

function renamed(
  { path, others }: ItemRef,
  items: Items,
  copies: readonly number[],
  claimed: ReadonlySet<number>,
): number | undefined {
  if (others === undefined) return copies.length === 1 ? copies[0] : undefined;
  if (copies.length !== others.length + 1) return undefined;
  const free = copies.filter((item) => !claimed.has(item) && !others.includes(items.paths[item]));
  if (free.length === 1) return free[0];
  const ends = free.map((item) => commonEnd(items.paths[item], path));
  const best = Math.max(...ends);
  return best > 0 && ends.filter((end) => end === best).length === 1 ? free[ends.indexOf(best)] : undefined;
}

/** How many of the last parts of two paths are equal. */
function commonEnd(a: string, b: string): number {
  const [x, y] = [a.split('/').reverse(), b.split('/').reverse()];
  let same = 0;
  while (same < x.length && same < y.length && x[same] === y[same]) same++;
  return same;
}

const copiesByTable = new WeakMap<Items, Map<string, number[]>>();

function copiesOf(items: Items): ReadonlyMap<string, readonly number[]> {
  let copies = copiesByTable.get(items);
  if (!copies) {
    copies = new Map();
    for (let item = 0; item < items.hashes.length; item++) {
      const same = copies.get(items.hashes[item]);
      if (same) same.push(item);
      else copies.set(items.hashes[item], [item]);
    }
    copiesByTable.set(items, copies);
  }
  return copies;
}
