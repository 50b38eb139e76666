import type { Random } from '../random';

export interface TextViewSettings {
  /** Smallest share of the words that a random passage keeps, 1 for all. */
  readonly crop: number;
  /** Share of the words of the passage that are left out. */
  readonly dropWords: number;
}

/** Places of the words that one view of a text keeps, ascending; at least one where there is one. */
export function viewOf(words: number, { crop, dropWords }: TextViewSettings, random: Random): Int32Array {
  const share = crop + (1 - crop) * random.next();
  const length = Math.max(Math.min(1, words), Math.round(share * words));
  const start = random.integer(words - length + 1);
  const passage = Int32Array.from({ length }, (_, i) => start + i);
  const kept = passage.filter(() => random.next() >= dropWords);
  return kept.length > 0 ? kept : passage.subarray(0, 1);
}
