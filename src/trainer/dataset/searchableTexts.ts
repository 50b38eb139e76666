import { inSlices } from '../store/slices';
import type { Dataset } from './dataset';
import { openTexts } from './texts';

/** Characters of each text that are searched, and of all together. */
const SEARCHED = 2000;
const MEMORY_CHARACTERS = 2 ** 27;
/** Reading more files than these takes too long for a search; a table is one file, whatever it holds. */
const MOST_FILES = 50_000;
const ITEMS_AT_ONCE = 1000;

const kept = new WeakMap<Dataset, Promise<readonly string[]>>();

/**
 * The beginning of each text in small letters, to be searched. They are read once for as long as the dataset is open.
 * @returns undefined where there are none, or too many files
 */
export async function searchableTexts(dataset: Dataset): Promise<readonly string[] | undefined> {
  const { modality, source } = dataset.summary;
  const isTable = source.kind === 'manifest' && source.columns.text !== undefined;
  if (modality !== 'text' || (!isTable && dataset.items.count > MOST_FILES)) return undefined;
  let texts = kept.get(dataset);
  if (texts === undefined) {
    texts = beginnings(dataset);
    kept.set(dataset, texts);
    texts.catch(() => kept.delete(dataset));
  }
  return texts;
}

async function beginnings(dataset: Dataset): Promise<readonly string[]> {
  const { count } = dataset.items;
  const length = Math.min(SEARCHED, Math.floor(MEMORY_CHARACTERS / Math.max(1, count)));
  const store = await openTexts(dataset);
  const found: string[] = [];
  for (let start = 0; start < count; start += ITEMS_AT_ONCE) {
    const items = Array.from({ length: Math.min(ITEMS_AT_ONCE, count - start) }, (_, i) => start + i);
    const texts = await store.read(items);
    await inSlices(texts.length, (i) => found.push(texts[i].slice(0, length).toLowerCase()));
  }
  return found;
}
