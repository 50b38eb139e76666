import { inSlices } from '../store/slices';
import type { CategoryColumn, NamedCount } from '../types/dataset';
import { sortNaturally } from './naturalOrder';

/** Codes texts by the natural order of the distinct ones; empty and missing texts have code -1. */
export async function categoryColumn(name: string, texts: readonly (string | undefined)[]): Promise<CategoryColumn> {
  const distinct = new Set<string>();
  await inSlices(texts.length, (i) => {
    const text = texts[i];
    if (text !== undefined && text !== '') distinct.add(text);
  });
  const categories = sortNaturally(distinct);
  const codeOf = new Map(categories.map((category, code) => [category, code]));
  const codes = new Int32Array(texts.length).fill(-1);
  await inSlices(texts.length, (i) => {
    codes[i] = codeOf.get(texts[i] ?? '') ?? -1;
  });
  return { name, categories, codes };
}

/** How many items each category has; categories without items are left out. */
export function countCategories({ categories, codes }: CategoryColumn): NamedCount[] {
  const counts = new Int32Array(categories.length);
  for (const code of codes) if (code >= 0) counts[code]++;
  return categories.map((name, code) => ({ name, count: counts[code] })).filter(({ count }) => count > 0);
}
