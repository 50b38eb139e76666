import { createHash } from 'node:crypto';
import type { ItemTable } from '../dataset/itemTable';
import type { CategoryColumn } from '../types/dataset';
import type { DecisionState, DuplicateGroup, DuplicateLink } from '../types/curation';
import { strainOf, type Evidence } from './evidence';
import type { NodeGroup } from './groups';
import { compareText, type Nodes } from './nodes';

/** Groups of more items than this show the links to their centre only; all pairs would be unreadable, and many. */
const ALL_LINKS = 32;

type Items = Pick<ItemTable, 'hashes' | 'paths' | 'label' | 'split' | 'widths' | 'heights' | 'bytes'>;

interface Subject {
  readonly items: Items;
  readonly nodes: Nodes;
  readonly evidence: readonly Evidence[];
  readonly decisions: DecisionState;
}

/** What the person sees of the groups: of single contents with several items, and of grown nodes; most urgent first. */
export function describeGroups(subject: Subject, grown: readonly NodeGroup[]): DuplicateGroup[] {
  const inGroup = new Set(grown.flatMap((group) => group.members));
  const copies = subject.nodes.items.flatMap((items, node) =>
    items.length > 1 && !inGroup.has(node) ? [{ members: [node], centre: node }] : [],
  );
  const describer = new Describer(subject);
  const described = [...grown, ...copies].map((group) => describer.describe(group));
  described.sort(
    (a, b) =>
      Number(isConflict(b.group)) - Number(isConflict(a.group)) ||
      Number(b.group.exact) - Number(a.group.exact) ||
      a.closest - b.closest ||
      compareText(a.group.id, b.group.id),
  );
  return described.map(({ group }) => group);
}

function isConflict(group: DuplicateGroup): boolean {
  return group.labelConflict || group.crossesSplits;
}

class Describer {
  private readonly keep: ReadonlySet<number>;
  private readonly remove: ReadonlySet<number>;

  constructor(private readonly subject: Subject) {
    this.keep = new Set(subject.decisions.keep);
    this.remove = new Set(subject.decisions.remove);
  }

  describe(grown: NodeGroup): { group: DuplicateGroup; closest: number } {
    const { items: table, nodes } = this.subject;
    const items = grown.members
      .flatMap((node) => nodes.items[node])
      .sort((a, b) => compareText(table.paths[a], table.paths[b]));
    const links = this.linksOf(grown, items.length);
    const crossesSplits = isMixed(table.split, items);
    const group: DuplicateGroup = {
      id: idOf(table, items),
      items,
      links: links.map(({ link }) => link),
      exact: items.every((item) => table.hashes[item] === table.hashes[items[0]]),
      labelConflict: isMixed(table.label, items),
      crossesSplits,
      suggestedKeep: this.suggestKeep(items, crossesSplits),
    };
    return { group, closest: links.reduce((least, { strain }) => Math.min(least, strain), Infinity) };
  }

  private linksOf(grown: NodeGroup, size: number): { link: DuplicateLink; strain: number }[] {
    const { nodes, evidence } = this.subject;
    const links: { link: DuplicateLink; strain: number }[] = [];
    const contentLink = (a: number, b: number): void => {
      links.push({ link: { a, b, evidence: 'content', distance: 0 }, strain: 0 });
    };
    const compare = (one: number, two: number): void => {
      const [a, b] = [nodes.items[one][0], nodes.items[two][0]];
      if (nodes.hashes[one] === nodes.hashes[two]) {
        contentLink(a, b);
        return;
      }
      for (const reason of evidence) {
        const distance = reason.distance(one, two);
        if (distance === undefined) continue;
        const link = { a, b, evidence: reason.kind, distance };
        links.push({ link, strain: strainOf(distance, reason.threshold) });
      }
    };
    for (const [at, node] of grown.members.entries()) {
      const [first, ...copies] = nodes.items[node];
      for (const copy of copies) contentLink(first, copy);
      if (size <= ALL_LINKS) for (const other of grown.members.slice(at + 1)) compare(node, other);
      else if (node !== grown.centre) compare(grown.centre, node);
    }
    return links;
  }

  /** See `DuplicateGroup.suggestedKeep`. One judged `remove` is suggested only when all are. */
  private suggestKeep(items: readonly number[], crossesSplits: boolean): number {
    const { paths, split, widths, heights, bytes } = this.subject.items;
    const verdict = (item: number): number => (this.keep.has(item) ? 2 : this.remove.has(item) ? 0 : 1);
    const pixels = (item: number): number => widths[item] * heights[item];
    const precious = (item: number): number => (crossesSplits ? splitRank(split, item) : 0);
    const better = (a: number, b: number): number =>
      verdict(b) - verdict(a) ||
      precious(b) - precious(a) ||
      pixels(b) - pixels(a) ||
      bytes[b] - bytes[a] ||
      paths[a].length - paths[b].length ||
      compareText(paths[a], paths[b]);
    return items.reduce((best, item) => (better(item, best) < 0 ? item : best));
  }
}

/** The same for the same members, whatever the order of the scan. */
function idOf(table: Items, items: readonly number[]): string {
  const names = items.map((item) => `${table.hashes[item]} ${table.paths[item]}`).sort();
  return createHash('sha256').update(names.join('\n')).digest('hex').slice(0, 16);
}

/** Whether two of the items have different names in the column; having none is not different. */
function isMixed(column: CategoryColumn, items: readonly number[]): boolean {
  return new Set(items.map((item) => column.codes[item]).filter((code) => code >= 0)).size > 1;
}

/**
 * What a leak should be cut out of last. Removing a picture from the test split changes what the published measures mean;
 * removing its twin from training only loses what should never have been trained on.
 */
function splitRank(split: CategoryColumn, item: number): number {
  const code = split.codes[item];
  const name = code < 0 ? '' : split.categories[code].toLowerCase();
  if (name.startsWith('test') || name === 'eval' || name === 'evaluation') return 2;
  return name.startsWith('val') || name === 'dev' ? 1 : 0;
}
