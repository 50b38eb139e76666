import type { Dataset } from './dataset';
import { openTexts, type TextStore } from './texts';

/** Characters in a panel's small picture of 128 pixels; larger ones have as many more as they have area. */
const SMALL = { side: 128, characters: 200 };
const MOST = 20_000;

/** Row texts are read from their table once for as long as the dataset is open. */
const stores = new WeakMap<Dataset, Promise<TextStore>>();

/** The beginning of each text, as long as fits where a picture of `size` pixels would be; `undefined` where it is gone. */
export async function excerpts(
  dataset: Dataset,
  items: readonly number[],
  size: number,
): Promise<(string | undefined)[]> {
  let store = stores.get(dataset);
  if (store === undefined) {
    store = openTexts(dataset);
    stores.set(dataset, store);
    store.catch(() => stores.delete(dataset));
  }
  const length = Math.min(MOST, Math.round(SMALL.characters * Math.max(1, (size / SMALL.side) ** 2)));
  const texts = await (await store).read(items);
  return texts.map((text) => (text === '' ? undefined : excerpt(text, length)));
}

/** Cut at a blank where there is one near the end. */
export function excerpt(text: string, length: number): string {
  const whole = text.trim();
  if (whole.length <= length) return whole;
  const cut = whole.slice(0, length);
  const blank = cut.search(/\s\S*$/);
  return `${(blank > 0.8 * length ? cut.slice(0, blank) : cut).trimEnd()}…`;
}
