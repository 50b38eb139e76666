import type { DuplicateEvidence, DuplicateLink, DuplicateSettings, Modality } from '../../trainer/protocol';

/**
 * Settings of a first look; the distances at which most pairs are still duplicates. Texts of which one word in ten has changed differ in
 * more bits than pictures do that were saved anew, and the words of each pair are compared beside (docs/texts.md has figures).
 */
export const DEFAULT_PERCEPTUAL: Readonly<Record<Modality, number>> = { image: 6, text: 10 };
export const MAX_PERCEPTUAL = 20;
export const MAX_EMBEDDING = 0.1;

/** What a cut would give, counted from links that were already found. */
export interface CutPreview {
  readonly groups: number;
  /** Items beyond the first of each group. */
  readonly redundant: number;
  readonly links: number;
}

/** Whether a link is within the settings. Same bytes always are. */
export function isWithin(link: DuplicateLink, settings: DuplicateSettings): boolean {
  switch (link.evidence) {
    case 'content':
      return true;
    case 'perceptual':
      return link.distance <= settings.perceptualDistance;
    case 'embedding':
      return settings.embedding !== undefined && link.distance <= settings.embeddingDistance;
  }
}

/** Whether `settings` ask for nothing that a find with `found` has not looked for already. */
export function isTighter(settings: DuplicateSettings, found: DuplicateSettings): boolean {
  const perceptual = settings.perceptualDistance <= found.perceptualDistance;
  if (settings.embedding === undefined) return perceptual;
  return perceptual && settings.embedding === found.embedding && settings.embeddingDistance <= found.embeddingDistance;
}

/** Joins the items of all links within `settings` and counts the groups (disjoint sets with path halving). */
export function previewCut(links: readonly DuplicateLink[], settings: DuplicateSettings): CutPreview {
  const parents = new Map<number, number>();
  const rootOf = (item: number): number => {
    let at = item;
    for (let up = parents.get(at) ?? at; up !== at; up = parents.get(at) ?? at) {
      parents.set(at, parents.get(up) ?? up);
      at = up;
    }
    return at;
  };
  let joined = 0;
  let within = 0;
  for (const link of links) {
    if (!isWithin(link, settings)) continue;
    within++;
    for (const item of [link.a, link.b]) if (!parents.has(item)) parents.set(item, item);
    const a = rootOf(link.a);
    const b = rootOf(link.b);
    if (a === b) continue;
    parents.set(a, b);
    joined++;
  }
  return { groups: parents.size - joined, redundant: joined, links: within };
}

export interface HistogramBin {
  readonly from: number;
  /** Not in the bin, except for the last; a bin of bits has `from === to`. */
  readonly to: number;
  readonly count: number;
}

/** How many links of one evidence there are at each distance: a bin a bit, or equal bins of cosine distance. */
export function distanceHistogram(
  links: readonly DuplicateLink[],
  evidence: Exclude<DuplicateEvidence, 'content'>,
  limit: number,
): HistogramBin[] {
  const bits = evidence === 'perceptual';
  const count = bits ? limit + 1 : 24;
  const width = bits ? 1 : limit / count;
  const counts = new Array<number>(Math.max(0, count)).fill(0);
  for (const link of links) {
    if (link.evidence !== evidence || link.distance > limit) continue;
    const bin = Math.min(count - 1, Math.floor(link.distance / width));
    counts[bin] += 1;
  }
  return counts.map((n, bin) => ({ from: bin * width, to: bits ? bin * width : (bin + 1) * width, count: n }));
}

/** The pairs that a cut only just lets in, least alike first: whoever looks at these knows whether the cut is right. */
export function borderlinePairs(
  links: readonly DuplicateLink[],
  evidence: Exclude<DuplicateEvidence, 'content'>,
  settings: DuplicateSettings,
  count: number,
): DuplicateLink[] {
  const closer = new Set<string>();
  for (const link of links) {
    if (link.evidence === 'content') closer.add(`${link.a} ${link.b}`);
  }
  return links
    .filter((link) => link.evidence === evidence && isWithin(link, settings) && !closer.has(`${link.a} ${link.b}`))
    .sort((a, b) => b.distance - a.distance || a.a - b.a || a.b - b.b)
    .slice(0, count);
}
