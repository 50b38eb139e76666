import type { LinkList } from './links';
import type { Pace } from './pace';

/** What groups are grown from. Nodes are numbers from 0, in an order that does not depend on how they were found. */
export interface Likeness {
  readonly nodes: number;
  /** Pairs that are alike, for the order in which groups grow. */
  readonly links: LinkList;
  /** Whether two nodes are alike: within the threshold of some evidence. Symmetric. */
  readonly alike: (a: number, b: number) => boolean;
  /** Nodes that the person said are not duplicates of each other (both ways round). */
  readonly apart: ReadonlyMap<number, ReadonlySet<number>>;
}

export interface NodeGroup {
  /** Ascending. */
  readonly members: readonly number[];
  /** A member that is alike to every other one; the smallest such node. */
  readonly centre: number;
}

interface Growing {
  members: number[];
  centres: number[];
  version: number;
}

/** More candidates for the centre than these are not carried along; it bounds the work in a crowd of equal pictures. */
const MOST_CENTRES = 32;

/**
 * Groups of like nodes.
 *
 * Connected components would chain: a is like b, b is like c, and after ten links the group holds unlike pictures. Here a group
 * must have a centre, a member that is itself alike to *every* other member, so that all but the centre could go and nothing
 * would be lost that is not within the threshold of what stays; and any two members are at most two thresholds apart (for
 * a distance that obeys the triangle inequality). Groups grow like a minimum spanning tree: links are taken closest first,
 * and a link joins two groups when the union still has a centre and holds no pair that was judged not to be duplicates.
 * So the closest pairs stay together, and a weak bridge between two crowds splits.
 *
 * Deterministic: the outcome depends on the nodes and links only, not on the order in which they were found.
 */
export async function growGroups(likeness: Likeness, pace: Pace): Promise<NodeGroup[]> {
  const growth = new Growth(likeness);
  const { links } = likeness;
  const order = await links.sorted(pace);
  pace.begin('Grouping', links.count, 'links');
  for (let position = 0; position < order.length; position++) {
    if (pace.due()) await pace.breathe(position);
    growth.join(links.a[order[position]], links.b[order[position]]);
  }
  return growth.groups();
}

class Growth {
  private readonly groupOf = new Map<number, Growing>();
  /** Pairs of groups that could not be joined, as they were then. */
  private readonly refused = new Map<Growing, Map<Growing, string>>();

  constructor(private readonly likeness: Likeness) {}

  join(a: number, b: number): void {
    const one = this.find(a);
    const two = this.find(b);
    if (one === two) return;
    const [large, small] = one.members.length >= two.members.length ? [one, two] : [two, one];
    const versions = `${large.version} ${small.version}`;
    if (this.refused.get(large)?.get(small) === versions) return;
    const centres = this.judgedApart(large, small) ? [] : this.commonCentres(large, small);
    if (centres.length === 0) this.refuse(large, small, versions);
    else this.merge(large, small, centres);
  }

  groups(): NodeGroup[] {
    const groups = [...new Set(this.groupOf.values())].filter((group) => group.members.length > 1);
    return groups
      .map(({ members, centres }) => ({ members: members.sort((x, y) => x - y), centre: Math.min(...centres) }))
      .sort((x, y) => x.members[0] - y.members[0]);
  }

  private find(node: number): Growing {
    let group = this.groupOf.get(node);
    if (!group) this.groupOf.set(node, (group = { members: [node], centres: [node], version: 0 }));
    return group;
  }

  private judgedApart(large: Growing, small: Growing): boolean {
    return small.members.some((member) => {
      for (const other of this.likeness.apart.get(member) ?? []) if (this.groupOf.get(other) === large) return true;
      return false;
    });
  }

  private commonCentres(large: Growing, small: Growing): number[] {
    const centres: number[] = [];
    this.addCentres(centres, large.centres, small.members);
    this.addCentres(centres, small.centres, large.members);
    return centres;
  }

  private addCentres(centres: number[], candidates: readonly number[], others: readonly number[]): void {
    for (const candidate of candidates) {
      if (centres.length === MOST_CENTRES) return;
      if (others.every((other) => this.likeness.alike(candidate, other))) centres.push(candidate);
    }
  }

  private merge(large: Growing, small: Growing, centres: number[]): void {
    for (const member of small.members) {
      large.members.push(member);
      this.groupOf.set(member, large);
    }
    large.centres = centres;
    large.version++;
    this.refused.delete(small);
  }

  private refuse(large: Growing, small: Growing, versions: string): void {
    let row = this.refused.get(large);
    if (!row) this.refused.set(large, (row = new Map<Growing, string>()));
    row.set(small, versions);
  }
}
