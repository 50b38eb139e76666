import { hashOfHashes, hashRange } from './textHash';
import { wordsOf } from './words';

const SHORTEST = 3;
const LONGEST = 5;

/** Seeds that keep kinds apart: a word is not its own character n-gram. */
const [WORD, PAIR, CHARACTERS] = [11, 12, 13];

export interface Ngrams {
  /** Character n-grams of each word, with its borders, beside words and pairs of words. */
  readonly characters: boolean;
  readonly pairs: boolean;
}

/** What is in each word of a text, word by word: 32-bit hashes of the word, of the pair that it ends, and of its 3- to 5-grams. */
export function ngramsOfWords(text: string, { characters, pairs }: Ngrams): number[][] {
  let before: number | undefined;
  return wordsOf(text).map((word) => {
    const own = hashRange(word, 0, word.length, WORD);
    const hashes = [own];
    if (pairs && before !== undefined) hashes.push(hashOfHashes([before, own], PAIR));
    if (characters) addCharacters(`<${word}>`, hashes);
    before = own;
    return hashes;
  });
}

function addCharacters(word: string, into: number[]): void {
  for (let length = SHORTEST; length <= LONGEST; length++) {
    for (let start = 0; start + length <= word.length; start++) {
      into.push(hashRange(word, start, start + length, CHARACTERS));
    }
  }
}
