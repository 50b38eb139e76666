import type { DuplicateGroup, DuplicateLink, DuplicateReport, ItemDetail } from '../../../src/trainer/protocol';
import { toReviewCase, type ReviewCase } from '../../../src/webview/review/reviewCase';

export const LIMITS = { perceptualDistance: 6, embeddingDistance: 0.02 };

/** A group of `items` in which each is linked to the first. */
export function group(
  id: string,
  items: readonly number[],
  link: Partial<DuplicateLink> = {},
  rest: Partial<DuplicateGroup> = {},
): DuplicateGroup {
  const evidence = link.evidence ?? 'content';
  return {
    id,
    items,
    links: items.slice(1).map((b) => ({ a: items[0], b, evidence, distance: link.distance ?? 0 })),
    exact: evidence === 'content',
    labelConflict: false,
    crossesSplits: false,
    suggestedKeep: items[0],
    ...rest,
  };
}

export function reviewCase(...parameters: Parameters<typeof group>): ReviewCase {
  return toReviewCase(group(...parameters), 0, LIMITS);
}

export function report(groups: readonly DuplicateGroup[]): DuplicateReport {
  return {
    settings: LIMITS,
    groups,
    redundant: groups.reduce((sum, { items }) => sum + items.length - 1, 0),
  };
}

export function detail(item: number, rest: Partial<ItemDetail> = {}): ItemDetail {
  return {
    item,
    hash: item.toString(16).padStart(32, '0'),
    path: `class/${item}.png`,
    label: 'class',
    split: undefined,
    bytes: 1000 + item,
    width: 64,
    height: 64,
    metadata: {},
    ...rest,
  };
}
