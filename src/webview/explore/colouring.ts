import type { CategoryColumn, ItemColumns } from '../../trainer/protocol';
import type { Choice } from '../shell/components';
import { categoryColours, countCategories, missingColour, type CategoryCount } from '../shell/palette';
import { parseColour, type Colour } from '../shell/theme';
import { CLUSTERS } from './mapAnalysis';
import { QUALITY_CHOICES, qualityColours } from './mapQuality';

/** How the points are coloured, and what the legend says about it. */
export interface Colouring {
  readonly column: CategoryColumn;
  /** Largest first; categories without items are left out. */
  readonly ranked: readonly CategoryCount[];
  /** By code. */
  readonly colours: readonly Colour[];
  readonly missing: Colour;
  /** Items without a value. */
  readonly missingCount: number;
}

/** The columns that can be coloured by, as choices. Columns without a value are left out, except the label. */
export function colourChoices(columns: ItemColumns): Choice[] {
  const choices = [{ value: 'label', label: 'Label' }];
  if (columns.split.categories.length > 0) choices.push({ value: 'split', label: 'Split' });
  for (const { name, categories } of columns.metadata) {
    if (categories.length > 0) choices.push({ value: `metadata:${name}`, label: name });
  }
  return [...choices, { value: CLUSTERS, label: 'Clusters' }, ...QUALITY_CHOICES];
}

export function columnOf(columns: ItemColumns, colourBy: string): CategoryColumn {
  if (colourBy === 'split') return columns.split;
  return columns.metadata.find(({ name }) => colourBy === `metadata:${name}`) ?? columns.label;
}

export function colouringOf(column: CategoryColumn, dark: boolean): Colouring {
  const ranked = countCategories(column.categories, column.codes).filter(({ count }) => count > 0);
  const counted = ranked.reduce((sum, { count }) => sum + count, 0);
  return {
    column,
    ranked,
    colours: categoryColours(ranked, dark),
    missing: missingColour(dark),
    missingCount: column.codes.length - counted,
  };
}

/** Categories that have an order, which they keep in the legend, in colours of the same order. */
export function orderedColouring(column: CategoryColumn, dark: boolean): Colouring {
  const colouring = colouringOf(column, dark);
  const ranked = [...colouring.ranked].sort((a, b) => a.code - b.code);
  return { ...colouring, ranked, colours: qualityColours(dark).map((colour) => parseColour(colour)!) };
}

/** What the colours say, as a title. */
export function colouringTitle(colourBy: string, { column }: Colouring): string {
  return colourBy === 'label' ? 'Labels' : colourBy === 'split' ? 'Splits' : column.name;
}

/** The name of an item's category, when it has one. */
export function categoryOf(column: CategoryColumn, item: number): string | undefined {
  return column.codes[item] >= 0 ? column.categories[column.codes[item]] : undefined;
}

/**
 * Which points stand back: those outside the isolated categories, and those that the search did not find. `undefined` when none does.
 */
export function dimmedPoints(
  column: CategoryColumn,
  isolated: readonly string[],
  found: Int32Array | undefined,
): Uint8Array | undefined {
  const wanted = new Set(isolated.map((name) => column.categories.indexOf(name)).filter((code) => code >= 0));
  if (wanted.size === 0 && !found) return undefined;
  const dimmed = new Uint8Array(column.codes.length);
  if (found) {
    dimmed.fill(1);
    for (const item of found) dimmed[item] = 0;
  }
  if (wanted.size > 0) column.codes.forEach((code, item) => (dimmed[item] |= wanted.has(code) ? 0 : 1));
  return dimmed;
}
