import type { FileProblem } from '../../types/dataset';
import type { GivenPair } from './pairList';

/** What pairs say together: groups of items that are the same, through others too, and pairs that were said to be different. */
export interface PairGraph {
  /** Of all that a pair names; an item without a "same" is a group of its own. */
  readonly groups: readonly Int32Array[];
  /** Items, each pair once; never inferred from others. */
  readonly different: readonly (readonly [number, number])[];
  /** The group of each item that a pair names. */
  readonly groupOf: ReadonlyMap<number, number>;
  /** Pairs that contradict others; they count as not said. */
  readonly problems: readonly FileProblem[];
}

/**
 * Groups are the transitive closure of "same". A "different" within a group contradicts it: it is listed and left out, since which of the
 * two is wrong cannot be told.
 * @param paths of the items, for messages
 */
export function pairGraph(pairs: readonly GivenPair[], paths: readonly string[]): PairGraph {
  const root = new Map<number, number>();
  const find = (item: number): number => {
    let at = item;
    while ((root.get(at) ?? at) !== at) at = root.get(at)!;
    root.set(item, at);
    return at;
  };
  for (const { a, b, same } of pairs) {
    const [x, y] = [find(a), find(b)];
    if (same && x !== y) root.set(Math.max(x, y), Math.min(x, y));
  }
  const groups = new Map<number, number[]>();
  for (const item of [...root.keys()].sort((a, b) => a - b)) {
    const members = groups.get(find(item));
    if (members) members.push(item);
    else groups.set(find(item), [item]);
  }
  const problems: FileProblem[] = [];
  const different = new Map<string, readonly [number, number]>();
  for (const { a, b, same, source } of pairs) {
    if (same) continue;
    if (find(a) === find(b)) problems.push(contradiction(source, paths[a], paths[b]));
    else different.set(keyOf(a, b), a < b ? [a, b] : [b, a]);
  }
  const all = [...groups.values()].map((members) => Int32Array.from(members));
  return {
    groups: all,
    groupOf: new Map(all.flatMap((members, group) => [...members].map((item) => [item, group] as const))),
    different: [...different.values()],
    problems,
  };
}

function keyOf(a: number, b: number): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`;
}

function contradiction(source: string, a: string, b: string): FileProblem {
  return {
    path: source,
    reason: `says that ${a} and ${b} are different, but other pairs make them the same`,
    remedy: 'Correct the pair that is wrong; until then this one does not count.',
  };
}
