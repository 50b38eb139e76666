import type { DuplicateGroup, DuplicateLink, DuplicateReport } from '../../trainer/protocol';

/** What a case is about. Later kinds of cases (label errors, outliers) join the same queue. */
export type CaseKind =
  /** All members are the same bytes. */
  | 'exact'
  /** Members look alike. */
  | 'near';

/** What a person says of one member. */
export type Mark = 'keep' | 'remove';

export type Marks = ReadonlyMap<number, Mark>;

/** One thing to review: items that belong together, the evidence for it, and what Kindred would do. */
export interface ReviewCase {
  readonly id: string;
  readonly kind: CaseKind;
  readonly items: readonly number[];
  readonly links: readonly DuplicateLink[];
  readonly labelConflict: boolean;
  readonly crossesSplits: boolean;
  readonly suggestedKeep: number;
  /** The strongest and the weakest evidence; none when there are no links. */
  readonly closest: DuplicateLink | undefined;
  readonly weakest: DuplicateLink | undefined;
  /** Place in the order in which the trainer ranks cases: the most worth looking at first. */
  readonly rank: number;
}

const EVIDENCE_ORDER = { content: 0, perceptual: 1, embedding: 2 } as const;

/** How wide each kind of distance goes, so that bits and cosine distances can be put in one order. */
const EVIDENCE_RANGE = { content: 1, perceptual: 64, embedding: 2 } as const;

/** Negative when `a` is stronger evidence than `b`. Within the same closeness: content, perceptual, embedding. */
export function compareLinks(a: DuplicateLink, b: DuplicateLink): number {
  const byDistance = relativeDistance(a) - relativeDistance(b);
  return byDistance === 0 ? EVIDENCE_ORDER[a.evidence] - EVIDENCE_ORDER[b.evidence] : byDistance;
}

/** 0 for the same, 1 for as different as this evidence can say. */
export function relativeDistance(link: DuplicateLink): number {
  return link.distance / EVIDENCE_RANGE[link.evidence];
}

/** The strongest of each pair's links, weakest pair last: a pair with the same bytes is no weak link because of its embedding. */
function strongestLinkOfPairs(links: readonly DuplicateLink[]): DuplicateLink[] {
  const pairs = new Map<string, DuplicateLink>();
  for (const link of links) {
    const key = link.a < link.b ? `${link.a} ${link.b}` : `${link.b} ${link.a}`;
    const known = pairs.get(key);
    if (known === undefined || compareLinks(link, known) < 0) pairs.set(key, link);
  }
  return [...pairs.values()].sort(compareLinks);
}

export function toReviewCase(group: DuplicateGroup, rank: number): ReviewCase {
  const links = strongestLinkOfPairs(group.links);
  return {
    id: group.id,
    kind: group.exact ? 'exact' : 'near',
    items: keeperFirst(group),
    links: group.links,
    labelConflict: group.labelConflict,
    crossesSplits: group.crossesSplits,
    suggestedKeep: group.suggestedKeep,
    closest: links[0],
    weakest: links.at(-1),
    rank,
  };
}

export function casesOf(report: DuplicateReport): ReviewCase[] {
  return report.groups.map(toReviewCase);
}

/** The suggested keeper comes first, so that number 1 is the one to keep unless the person sees it otherwise. */
function keeperFirst(group: DuplicateGroup): number[] {
  return [group.suggestedKeep, ...group.items.filter((item) => item !== group.suggestedKeep)];
}

/** What Kindred would do: keep one, remove the others. */
export function suggestedMarks(reviewCase: ReviewCase): Map<number, Mark> {
  return new Map(reviewCase.items.map((item) => [item, item === reviewCase.suggestedKeep ? 'keep' : 'remove']));
}
