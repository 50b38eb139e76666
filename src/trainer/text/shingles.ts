import { hashOfHashes, hashRange } from './textHash';
import { wordsOf } from './words';

const WORDS = 3;
/** Below so many words a text is compared by its runs of characters: one changed word would change all of its shingles. */
const SHORT = 12;
const CHARACTERS = 5;

/** Hashes of the shingles of a text, ascending and each once: runs of three words, of five characters where it is short. */
export function shinglesOf(text: string): Uint32Array {
  const words = wordsOf(text);
  const hashes = words.length < SHORT ? ofCharacters(words.join(' ')) : ofWords(words);
  return Uint32Array.from(new Set(hashes)).sort();
}

function ofWords(words: readonly string[]): number[] {
  const hashes = words.map((word) => hashRange(word, 0, word.length, 1));
  return hashes.slice(WORDS - 1).map((_, i) => hashOfHashes(hashes.slice(i, i + WORDS), 2));
}

function ofCharacters(text: string): number[] {
  const count = Math.max(1, text.length - CHARACTERS + 1);
  return Array.from({ length: count }, (_, i) => hashRange(text, i, Math.min(text.length, i + CHARACTERS), 3));
}

/** Share of the shingles of both that are in each (Jaccard), of ascending sets: 1 for equal texts. */
export function jaccard(a: Uint32Array, b: Uint32Array): number {
  let [i, j, both] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      both++;
      i++;
      j++;
    } else if (a[i] < b[j]) i++;
    else j++;
  }
  const all = a.length + b.length - both;
  return all === 0 ? 1 : both / all;
}
