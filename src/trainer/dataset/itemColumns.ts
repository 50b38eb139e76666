import type { CategoryColumn, ItemColumns } from '../types/dataset';
import { type Dataset } from './dataset';
import { type MetadataColumn } from './itemTable';
import { sortNaturally } from './naturalOrder';
import { isNumericColumn } from './numericColumn';

/** More categories than this cannot be told apart on a map. */
const MAX_CATEGORIES = 256;
/** Ranges that a column of many different numbers is cut into, each with about as many items. */
const RANGES = 10;

/** What a map needs of all items at once: labels, splits, and the metadata that can be coloured by. */
export async function itemColumns(dataset: Dataset): Promise<ItemColumns> {
  const { count, label, split, metadata } = dataset.items;
  const columns = metadata.map(metadataCategories).filter((column) => column !== undefined);
  const numeric: string[] = [];
  for (const column of metadata) if (await isNumericColumn(column)) numeric.push(column.name);
  return { count, label, split, metadata: columns, numeric };
}

/** Few distinct values as they are; many different numbers as ranges; undefined for free text. */
export function metadataCategories({ name, values }: MetadataColumn): CategoryColumn | undefined {
  const distinct = new Set<string>();
  for (const value of values) {
    if (value !== '') distinct.add(value);
    if (distinct.size > MAX_CATEGORIES) return numberRanges(name, values);
  }
  if (distinct.size === 0) return undefined;
  const categories = [...distinct].every(isNumber) ? sortByValue(distinct) : sortNaturally(distinct);
  const codeOf = new Map(categories.map((category, code) => [category, code]));
  return { name, categories, codes: Int32Array.from(values, (value) => codeOf.get(value) ?? -1) };
}

function isNumber(text: string): boolean {
  return text.trim() !== '' && Number.isFinite(Number(text));
}

function sortByValue(texts: Iterable<string>): string[] {
  return [...texts].sort((a, b) => Number(a) - Number(b) || (a < b ? -1 : 1));
}

function numberRanges(name: string, values: readonly string[]): CategoryColumn | undefined {
  const numbers = Float64Array.from(values, (value) => (value === '' ? NaN : Number(value)));
  if (!values.every((value) => value === '' || isNumber(value))) return undefined;
  const sorted = numbers.filter((value) => !Number.isNaN(value)).sort();
  const cuts = Array.from({ length: RANGES - 1 }, (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / RANGES)]);
  const starts = [...new Set([sorted[0], ...cuts])];
  const rangeOf = (value: number): number => starts.findLastIndex((start) => value >= start);
  const ends = starts.map(() => -Infinity);
  for (const value of sorted) ends[rangeOf(value)] = value;
  const categories = starts.map((start, i) => (start === ends[i] ? String(start) : `${start} to ${ends[i]}`));
  return { name, categories, codes: Int32Array.from(numbers, (value) => (Number.isNaN(value) ? -1 : rangeOf(value))) };
}
