import type { ItemTable } from '../dataset/itemTable';
import { inSlices } from '../store/slices';

/** Words of each item, each once. */
export type ItemWords = readonly (readonly string[])[];

const NONE: ReadonlySet<string> = new Set();
const WORDS = 5;
/** A word tells something of a cluster when at least this share of its items has it, */
const SHARE = 0.05;
/** and when it is this many times as frequent there as everywhere. */
const LIFT = 1.5;

/** Words that tell nothing in captions and file names. */
const COMMON = new Set(
  'a an and are as at be by for from has have in is it its of on or the this that to was with image images img photo photos picture pictures pic file copy new jpg jpeg png webp gif bmp tif tiff none null nan true false unknown'.split(
    ' ',
  ),
);

/**
 * Words of file names and of the metadata, captions among it, and those of the label: with them, clusters of many labels are told by what
 * the labels share ("flag", "face"); without them, clusters of one label by what else there is.
 */
export async function itemWords(
  { count, paths, label, metadata }: ItemTable,
  withLabels: boolean,
  signal: AbortSignal,
): Promise<ItemWords> {
  const known = label.categories.map((name) => new Set(wordsOf(name)));
  const words: string[][] = [];
  await inSlices(
    count,
    (item) => {
      const name = paths[item].slice(paths[item].lastIndexOf('/') + 1).replace(/\.[^.]*$/, '');
      const text = [name, ...metadata.map(({ values }) => values[item])].join(' ');
      const own = label.codes[item] < 0 ? NONE : known[label.codes[item]];
      const told = new Set(wordsOf(text));
      for (const word of own) {
        if (withLabels) told.add(word);
        else told.delete(word);
      }
      words.push([...told]);
    },
    signal,
  );
  return words;
}

/** Words in small letters: at least two letters, no numbers, codes or words that everything has. */
export function wordsOf(text: string): string[] {
  const parts = text
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{M}\p{N}]+/u);
  return parts.filter((part) => /^[\p{L}\p{M}]{2,24}$/u.test(part) && !COMMON.has(part));
}

/**
 * The most telling words of each class of items, by class-based TF-IDF (Grootendorst 2022): the share of a word among the words of the
 * class, times log(1 + A / f), with A the mean number of words of a class and f how often the word is in all. Words that are hardly
 * more frequent in the class than elsewhere are left out, whatever their score.
 * @param classOf -1 for none
 */
export async function distinguishingWords(
  words: ItemWords,
  classOf: Int32Array,
  classes: number,
  signal: AbortSignal,
): Promise<string[][]> {
  const counts = Array.from({ length: classes }, () => new Map<string, number>());
  const sizes = new Float64Array(classes);
  const everywhere = new Map<string, number>();
  let items = 0;
  const add = (to: Map<string, number>, word: string): unknown => to.set(word, (to.get(word) ?? 0) + 1);
  await inSlices(
    words.length,
    (item) => {
      if (classOf[item] < 0) return;
      items++;
      sizes[classOf[item]]++;
      for (const word of words[item]) {
        add(counts[classOf[item]], word);
        add(everywhere, word);
      }
    },
    signal,
  );
  const all = [...everywhere.values()].reduce((sum, count) => sum + count, 0);
  return counts.map((own, c) => {
    const total = [...own.values()].reduce((sum, count) => sum + count, 0);
    const scored = [...own].flatMap(([word, count]) => {
      const share = count / sizes[c];
      const general = everywhere.get(word)!;
      if (count < 2 || share < SHARE || (classes > 1 && share < (LIFT * general) / items)) return [];
      return [{ word, score: (count / total) * Math.log(1 + all / classes / general) }];
    });
    scored.sort((a, b) => b.score - a.score || (a.word < b.word ? -1 : 1));
    return scored.slice(0, WORDS).map(({ word }) => word);
  });
}
