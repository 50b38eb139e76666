import { setImmediate as breathe } from 'node:timers/promises';
import { throwIfCancelled } from '../../rpc/errors';
import type { ItemTable } from './itemTable';

/** About 10 ms of work, so that other requests are answered in between. */
const ITEMS_AT_A_TIME = 20_000;

/**
 * Items whose path, label, split or metadata contain every word of `text`, whatever the case; all items when it has none.
 * @returns rows of the item table, ascending
 */
export async function searchItems(items: ItemTable, text: string, signal?: AbortSignal): Promise<Int32Array> {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const found: number[] = [];
  for (let item = 0; item < items.count; item++) {
    if (item % ITEMS_AT_A_TIME === ITEMS_AT_A_TIME - 1) {
      await breathe();
      throwIfCancelled(signal);
    }
    const haystack = textOf(items, item);
    if (words.every((word) => haystack.includes(word))) found.push(item);
  }
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
