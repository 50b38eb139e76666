import type { DuplicateLink, Modality } from '../../trainer/protocol';
import type { ReviewCase } from './reviewCase';

/** A distance as a person would say it: "same bytes", "3 bits apart", "0.02 apart". */
export function distanceWords(link: Pick<DuplicateLink, 'evidence' | 'distance'>): string {
  switch (link.evidence) {
    case 'content':
      return 'same bytes';
    case 'perceptual':
      return link.distance === 0 ? 'same look' : link.distance === 1 ? '1 bit apart' : `${link.distance} bits apart`;
    case 'embedding':
      return `${cosineWords(link.distance)} apart`;
  }
}

/** Two digits that say something: 0.02, 0.0031, under 0.001. */
export function cosineWords(distance: number): string {
  if (distance < 0.001) return 'under 0.001';
  return distance < 0.01 ? distance.toFixed(3) : distance.toFixed(2);
}

/** What the distance of perceptual hashes is: of texts it is a SimHash, and the words of each pair are compared beside. */
export function perceptualHelp(modality: Modality): string {
  return modality === 'text'
    ? 'How many of the 64 bits of the hashes (a sketch of the phrases of the text) differ. Pairs with few phrases in common are left out.'
    : 'How many of the 64 bits of the perceptual hashes (a sketch of the picture in coarse waves) differ.';
}

/** What the descriptors are, by what the dataset has. */
export const DESCRIPTOR_WORDS = { image: 'Colours and gradients', text: 'Words and n-grams' } as const;

/** What the other distances are, for a tooltip. */
export const EVIDENCE_HELP = {
  content: 'The files have the same content, byte for byte.',
  embedding: 'Cosine distance of the embeddings: 0 is the same direction, 1 is unrelated.',
} as const;

/** How `item` hangs together with the keeper: directly, or through others. */
export function distanceToKeeper(reviewCase: ReviewCase, item: number): string {
  if (item === reviewCase.suggestedKeep) return 'suggested keeper';
  const between = reviewCase.links.filter((link) => joins(link, item, reviewCase.suggestedKeep));
  if (between.length > 0) return between.map(distanceWords).join(', ');
  const hops = hopsBetween(reviewCase.links, item, reviewCase.suggestedKeep);
  if (hops === undefined) return 'not linked';
  return hops === 2 ? 'through 1 other' : `through ${hops - 1} others`;
}

function joins(link: DuplicateLink, a: number, b: number): boolean {
  return (link.a === a && link.b === b) || (link.a === b && link.b === a);
}

/** Breadth-first search over the links; undefined when there is no way. */
function hopsBetween(links: readonly DuplicateLink[], from: number, to: number): number | undefined {
  const reached = new Set([from]);
  let front = [from];
  for (let hops = 1; front.length > 0; hops++) {
    const next: number[] = [];
    for (const link of links) {
      for (const [near, far] of [[link.a, link.b] as const, [link.b, link.a] as const]) {
        if (!front.includes(near) || reached.has(far)) continue;
        if (far === to) return hops;
        reached.add(far);
        next.push(far);
      }
    }
    front = next;
  }
  return undefined;
}
