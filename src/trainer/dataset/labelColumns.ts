/** Other columns than the label that say what an item is: of a manifest its metadata, of nested folders each level above the label. */
import { KindredError } from '../../rpc/errors';
import { inSlices } from '../store/slices';
import type { CategoryColumn, LabelColumn } from '../types/dataset';
import { categoryColumn, countCategories } from './categoryColumn';
import { Dataset } from './dataset';

/** One text an item, empty where it has none. */
interface TextColumn {
  readonly name: string;
  readonly textOf: (item: number) => string;
}

/** More names than this would not be read in a message. */
const MOST_NAMES = 30;

/**
 * The columns that look like labels, the dataset's own label first when it does: at least two values, each twice on average, and not
 * numbers with decimals, which are measured.
 */
export async function labelColumnsOf(dataset: Dataset): Promise<LabelColumn[]> {
  const found: LabelColumn[] = [];
  for (const column of columnsOf(dataset)) {
    const { name, categories, codes } = await coded([column], dataset.items.count);
    const items = codes.reduce((sum, code) => sum + (code >= 0 ? 1 : 0), 0);
    const isMeasured = categories.every(isNumber) && categories.some((text) => !Number.isInteger(Number(text)));
    if (categories.length < 2 || 2 * categories.length > items || isMeasured) continue;
    found.push({ name, classes: categories.length, items });
  }
  return found;
}

/**
 * The dataset with other labels: two items have the same when they agree in all of the columns; one that lacks any has none. What is
 * stored, and the dataset itself, stay as they are. The dataset itself without names.
 * @throws KindredError `bad-input` for an unknown column, with those that there are
 */
export async function labelledBy(dataset: Dataset, names: readonly string[] | undefined): Promise<Dataset> {
  if (names === undefined || names.length === 0) return dataset;
  const label = await columnOf(dataset, names);
  return new Relabelled(dataset instanceof Relabelled ? dataset.opened : dataset, label);
}

/** Whose columns are still those of the dataset that was opened. */
class Relabelled extends Dataset {
  constructor(
    readonly opened: Dataset,
    label: CategoryColumn,
  ) {
    super(opened.ref, { ...opened.summary, labels: countCategories(label) }, { ...opened.items, label });
  }
}

/**
 * The values of one column, or of several together, of all items.
 * @throws KindredError as `labelledBy`
 */
export async function columnOf(dataset: Dataset, names: readonly string[]): Promise<CategoryColumn> {
  const known = columnsOf(dataset);
  const chosen = names.map((name) => {
    const column = known.find((one) => one.name === name);
    if (column === undefined) throw unknownColumn(dataset, name, known);
    return column;
  });
  return coded(chosen, dataset.items.count);
}

function columnsOf(dataset: Dataset): TextColumn[] {
  if (dataset instanceof Relabelled) return columnsOf(dataset.opened);
  const { metadata } = dataset.items;
  const others = metadata.map(({ name, values }) => ({ name, textOf: (item: number) => values[item].trim() }));
  return [...ownLabel(dataset), ...folderLevels(dataset), ...others];
}

/** By its name in the manifest, if it has one; "label" where folders are the labels. */
function ownLabel(dataset: Dataset): TextColumn[] {
  const { source } = dataset.summary;
  const name = source.kind === 'manifest' ? source.columns.label : 'label';
  return name === undefined ? [] : [{ name, textOf: labelTexts(dataset) }];
}

function labelTexts({ items }: Dataset): (item: number) => string {
  const { categories, codes } = items.label;
  return (item) => categories[codes[item]] ?? '';
}

/** `folder 1` is the first folder of a label such as `animals/cats/wild`, `folder 2` the first two; the last is the label itself. */
function folderLevels(dataset: Dataset): TextColumn[] {
  if (dataset.summary.source.kind !== 'class-folders') return [];
  const depths = dataset.items.label.categories.map((category) => category.split('/').length);
  const deepest = depths.reduce((most, depth) => Math.max(most, depth), 1);
  const textOf = labelTexts(dataset);
  return Array.from({ length: deepest - 1 }, (_, i) => ({
    name: `folder ${i + 1}`,
    textOf: (item: number) =>
      textOf(item)
        .split('/')
        .slice(0, i + 1)
        .join('/'),
  }));
}

async function coded(columns: readonly TextColumn[], count: number): Promise<CategoryColumn> {
  const texts = Array<string>(count).fill('');
  await inSlices(count, (item) => {
    const values = columns.map(({ textOf }) => textOf(item));
    if (values.every((value) => value !== '')) texts[item] = columns.length === 1 ? values[0] : JSON.stringify(values);
  });
  const name = columns.map((column) => column.name).join(' / ');
  const { categories, codes } = await categoryColumn(name, texts);
  // Coded as lists, so that values with a slash in them stay apart.
  const named =
    columns.length === 1 ? categories : categories.map((list) => (JSON.parse(list) as string[]).join(' / '));
  return { name, categories: named, codes };
}

function isNumber(text: string): boolean {
  return Number.isFinite(Number(text));
}

function unknownColumn({ paths, summary }: Dataset, name: string, known: readonly TextColumn[]): KindredError {
  const { source } = summary;
  const where = source.kind === 'manifest' ? `${paths.root}/${source.path}` : `The dataset ${paths.root}`;
  const names = known.slice(0, MOST_NAMES).map((column) => `"${column.name}"`);
  const more = known.length > MOST_NAMES ? ` and ${known.length - MOST_NAMES} more` : '';
  return new KindredError(
    'bad-input',
    `${where} has no column "${name}" to go by; it has ${names.join(', ')}${more}.`,
    {
      remedy: 'Choose one of its columns, written as it is there.',
      path: where,
    },
  );
}
