import type { DuplicateGroup, DuplicateLink, DuplicateReport, DuplicateSettings } from '../../trainer/protocol';

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
  /** How far apart these are, as shares of what is let in. */
  readonly closestStrain: number;
  readonly weakestStrain: number;
  /** Place in the order in which the trainer ranks cases: the most worth looking at first. */
  readonly rank: number;
}

const EVIDENCE_ORDER = { content: 0, perceptual: 1, embedding: 2 } as const;

/** Where each kind of distance ends; bits and cosine distances are compared as shares of these. */
export type Limits = Pick<DuplicateSettings, 'perceptualDistance' | 'embeddingDistance'>;

/** How far apart, as a share of what is let in: 0 is the same, 1 is at the threshold. */
export function strainOf(link: DuplicateLink, limits: Limits): number {
  switch (link.evidence) {
    case 'content':
      return 0;
    case 'perceptual':
      return link.distance / Math.max(1, limits.perceptualDistance);
    case 'embedding':
      return link.distance / Math.max(1e-6, limits.embeddingDistance);
  }
}

interface StrainedLink {
  readonly link: DuplicateLink;
  readonly strain: number;
}

/** Of equally close ones content comes first, then perceptual, then embedding. */
function compareStrain(a: StrainedLink, b: StrainedLink): number {
  return a.strain - b.strain || EVIDENCE_ORDER[a.link.evidence] - EVIDENCE_ORDER[b.link.evidence];
}

/** The strongest link of each pair, strongest pair first: a pair with the same bytes is not weak because of its embedding. */
function strongestLinks(links: readonly DuplicateLink[], limits: Limits): StrainedLink[] {
  const pairs = new Map<string, StrainedLink>();
  for (const link of links) {
    const key = link.a < link.b ? `${link.a} ${link.b}` : `${link.b} ${link.a}`;
    const strained = { link, strain: strainOf(link, limits) };
    const known = pairs.get(key);
    if (known === undefined || compareStrain(strained, known) < 0) pairs.set(key, strained);
  }
  return [...pairs.values()].sort(compareStrain);
}

export function toReviewCase(group: DuplicateGroup, rank: number, limits: Limits): ReviewCase {
  const links = strongestLinks(group.links, limits);
  return {
    id: group.id,
    kind: group.exact ? 'exact' : 'near',
    items: keeperFirst(group),
    links: group.links,
    labelConflict: group.labelConflict,
    crossesSplits: group.crossesSplits,
    suggestedKeep: group.suggestedKeep,
    closest: links.at(0)?.link,
    closestStrain: links.at(0)?.strain ?? 0,
    weakest: links.at(-1)?.link,
    weakestStrain: links.at(-1)?.strain ?? 0,
    rank,
  };
}

export function casesOf(report: DuplicateReport): ReviewCase[] {
  return report.groups.map((group, rank) => toReviewCase(group, rank, report.settings));
}

/** The suggested keeper comes first, so that number 1 is the one to keep unless the person sees it otherwise. */
function keeperFirst(group: DuplicateGroup): number[] {
  return [group.suggestedKeep, ...group.items.filter((item) => item !== group.suggestedKeep)];
}

/** What Kindred would do: keep one, remove the others. */
export function suggestedMarks(reviewCase: ReviewCase): Map<number, Mark> {
  return new Map(reviewCase.items.map((item) => [item, item === reviewCase.suggestedKeep ? 'keep' : 'remove']));
}
