/** Texts beyond so many characters are read by models up to there; their content hash is of all of it. */
export const MOST_CHARACTERS = 1 << 15;

const WORD = /[\p{L}\p{N}\p{M}_]+|[^\s\p{L}\p{N}\p{M}_]/gu;

/** Words and single punctuation marks, in lower case and composed (NFKC), in their order. */
export function wordsOf(text: string): string[] {
  return text.slice(0, MOST_CHARACTERS).normalize('NFKC').toLowerCase().match(WORD) ?? [];
}
