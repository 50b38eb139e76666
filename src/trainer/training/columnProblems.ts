import { KindredError, toErrorData } from '../../rpc/errors';
import type { Dataset } from '../dataset/dataset';
import { columnOf, labelledBy } from '../dataset/labelColumns';
import type { SupervisionKind } from '../types/sampling';
import type { SettingsProblem } from '../types/training';

interface Columns {
  readonly labelColumns?: readonly string[] | undefined;
  readonly superClass?: string | undefined;
  readonly supervision?: SupervisionKind | undefined;
}

/** What is wrong with the columns that settings name, when the settings are sound by themselves. */
export async function columnProblems(
  dataset: Dataset,
  { superClass, ...settings }: Columns,
): Promise<SettingsProblem[]> {
  return [
    ...(await problemOf('labelColumns', () => labelledAs(dataset, settings))),
    ...(await problemOf('superClass', () => labelledAs(dataset, { superClass }))),
  ];
}

async function problemOf(key: keyof Columns, look: () => Promise<unknown>): Promise<SettingsProblem[]> {
  try {
    await look();
    return [];
  } catch (error) {
    if (!(error instanceof KindredError)) throw error;
    const { message, remedy = 'Choose another column.' } = toErrorData(error);
    return [{ key, message, remedy }];
  }
}

/**
 * The dataset with the labels that the settings name, after all columns that they name were looked up.
 * @throws KindredError `bad-input` for an unknown column, or when no two labels come of them and labels are to be learned from
 */
export async function labelledAs(
  dataset: Dataset,
  { labelColumns, superClass, supervision = 'labels' }: Columns,
): Promise<Dataset> {
  if (superClass !== undefined) await columnOf(dataset, [superClass]);
  const labelled = await labelledBy(dataset, labelColumns);
  const { labels } = labelled.summary;
  if (labelColumns === undefined || labels.length >= 2 || supervision !== 'labels') return labelled;
  const names = labelColumns.map((name) => `"${name}"`).join(' and ');
  const all =
    labels.length === 0 ? 'No item has a label' : `All items that have a label have the same, "${labels[0].name}",`;
  throw new KindredError('bad-input', `${all} by ${names}.`, {
    remedy: 'Choose a column with two or more values, or fewer columns, since an item needs a value in each.',
  });
}
