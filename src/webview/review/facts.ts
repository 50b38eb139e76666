import type { ItemDetail, Modality } from '../../trainer/protocol';
import { formatBytes, textMeasures } from '../shell/format';
import { distanceToKeeper } from './distanceWords';
import type { ReviewCase } from './reviewCase';

/** One fact of a member, and whether the members do not all agree on it. */
export interface MemberFact {
  readonly name: string;
  readonly value: string;
  readonly differs: boolean;
}

interface Reader {
  readonly name: string;
  readonly read: (detail: ItemDetail) => string | undefined;
}

const MEASURES: Readonly<Record<Modality, Reader>> = {
  image: { name: 'Pixels', read: ({ width, height }) => `${width} × ${height}` },
  text: { name: 'Length', read: ({ width, height }) => textMeasures(width, height) },
};

const READ: readonly Reader[] = [
  { name: 'Label', read: (detail) => detail.label ?? 'none' },
  { name: 'Split', read: (detail) => detail.split },
];

const SIZE: Reader = { name: 'Size', read: (detail) => formatBytes(detail.bytes) };

/** What to know of each member, in the order of `items`; a fact that no member has is left out. */
export function memberFacts(
  reviewCase: ReviewCase,
  details: readonly (ItemDetail | undefined)[],
  modality: Modality = 'image',
): MemberFact[][] {
  const present = details.filter((detail) => detail !== undefined);
  const metadata = [...new Set(present.flatMap((detail) => Object.keys(detail.metadata)))];
  const readers = [
    ...READ,
    MEASURES[modality],
    SIZE,
    ...metadata.map((name) => ({ name, read: (detail: ItemDetail) => detail.metadata[name] })),
  ].filter(({ read }) => present.some((detail) => read(detail) !== undefined));
  const differing = new Set(readers.filter(({ read }) => new Set(present.map(read)).size > 1).map(({ name }) => name));
  return reviewCase.items.map((item, member) => {
    const detail = details[member];
    const facts = readers.map(({ name, read }) => ({
      name,
      value: (detail && read(detail)) ?? 'none',
      differs: differing.has(name),
    }));
    if (item !== reviewCase.suggestedKeep) {
      facts.push({ name: 'Distance', value: distanceToKeeper(reviewCase, item), differs: false });
    }
    return detail ? facts : [];
  });
}
