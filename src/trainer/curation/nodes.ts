import type { ItemTable } from '../dataset/itemTable';
import type { Decision, ItemRef } from '../types/curation';

/** What grouping compares: one node a content, so that a thousand copies of a file are compared once. */
export interface Nodes {
  readonly count: number;
  /** Items of each node, by path; the first stands for all. */
  readonly items: readonly (readonly number[])[];
  readonly hashes: readonly string[];
  /** Pairs that were judged not to be duplicates of each other, both ways round. */
  readonly apart: ReadonlyMap<number, ReadonlySet<number>>;
}

type NotDuplicate = Extract<Decision, { kind: 'not-duplicate' }>;

/**
 * Nodes in the order of their hashes (then paths), so that nothing computed from them depends on the order of the scan.
 * Copies of one content that were judged not to be duplicates of each other (they may mean different things in different
 * folders) are nodes of their own.
 */
export function buildNodes(table: Pick<ItemTable, 'hashes' | 'paths'>, decisions: readonly Decision[]): Nodes {
  const judged = decisions.filter((decision): decision is NotDuplicate => decision.kind === 'not-duplicate');
  const split = contentsToSplit(judged);
  const byKey = new Map<string, number[]>();
  table.hashes.forEach((hash, item) => {
    const key = split.has(hash) ? `${hash}\0${table.paths[item]}` : hash;
    const members = byKey.get(key);
    if (members) members.push(item);
    else byKey.set(key, [item]);
  });
  const keys = [...byKey.keys()].sort();
  const items = keys.map((key) => byKey.get(key)!.sort((x, y) => compareText(table.paths[x], table.paths[y])));
  const hashes = items.map(([item]) => table.hashes[item]);
  return { count: keys.length, items, hashes, apart: apartNodes(judged, keys, hashes) };
}

export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function contentsToSplit(judged: readonly NotDuplicate[]): Set<string> {
  const split = new Set<string>();
  for (const [a, b] of judgedPairs(judged)) if (a.hash === b.hash) split.add(a.hash);
  return split;
}

function apartNodes(
  judged: readonly NotDuplicate[],
  keys: readonly string[],
  hashes: readonly string[],
): Map<number, Set<number>> {
  const apart = new Map<number, Set<number>>();
  if (judged.length === 0) return apart;
  const byKey = new Map(keys.map((key, node) => [key, node]));
  const byHash = new Map<string, number[]>();
  hashes.forEach((hash, node) => byHash.set(hash, [...(byHash.get(hash) ?? []), node]));
  const nodesOf = (ref: ItemRef, sameContent: boolean): readonly number[] => {
    if (!sameContent) return byHash.get(ref.hash) ?? [];
    const node = byKey.get(`${ref.hash}\0${ref.path}`);
    return node === undefined ? [] : [node];
  };
  for (const [a, b] of judgedPairs(judged)) {
    const same = a.hash === b.hash;
    for (const x of nodesOf(a, same)) for (const y of nodesOf(b, same)) if (x !== y) keepApart(apart, x, y);
  }
  return apart;
}

function keepApart(apart: Map<number, Set<number>>, a: number, b: number): void {
  for (const [from, to] of [
    [a, b],
    [b, a],
  ]) {
    const others = apart.get(from);
    if (others) others.add(to);
    else apart.set(from, new Set([to]));
  }
}

/** Every two different items that one decision names. */
function* judgedPairs(judged: readonly NotDuplicate[]): Generator<readonly [ItemRef, ItemRef]> {
  for (const { items } of judged) {
    for (let first = 0; first < items.length; first++) {
      for (let second = first + 1; second < items.length; second++) {
        const [a, b] = [items[first], items[second]];
        if (a.hash !== b.hash || a.path !== b.path) yield [a, b];
      }
    }
  }
}
