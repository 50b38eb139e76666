import { inSlices } from '../store/slices';
import type { ItemTable } from './itemTable';

/**
 * Items whose path, label, split, metadata or text contain every word of `text`, whatever the case; all items when it has none.
 * @param texts of each item, in small letters; none when only the item table is searched
 * @returns rows of the item table, ascending
 */
export async function searchItems(
  items: ItemTable,
  text: string,
  signal?: AbortSignal,
  texts?: readonly string[],
): Promise<Int32Array> {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const found: number[] = [];
  const step = (item: number): void => {
    const haystack = textOf(items, item);
    if (words.every((word) => haystack.includes(word) || texts?.[item].includes(word) === true)) found.push(item);
  };
  await inSlices(items.count, step, signal);
  return Int32Array.from(found);
}

/** The parts are kept apart by a line break, which no word contains: no match runs over a border. */
function textOf({ paths, label, split, metadata }: ItemTable, item: number): string {
  const parts = [
    paths[item],
    label.categories[label.codes[item]] ?? '',
    split.categories[split.codes[item]] ?? '',
    ...metadata.map((column) => column.values[item]),
  ];
  return parts.join('\n').toLowerCase();
}
