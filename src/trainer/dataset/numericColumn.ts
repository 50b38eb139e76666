import { inSlices } from '../store/slices';
import type { MetadataColumn } from './itemTable';

/** Looked at first, so that a column of texts is known at once. */
const GLANCE = 100;

/** The number in a cell; NaN for an empty one, and for one that says so itself. `undefined` when it holds something else. */
export function numberOf(cell: string): number | undefined {
  const text = cell.trim();
  if (text === '' || text.toLowerCase() === 'nan') return NaN;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** Whether a column holds numbers and empty cells only, and at least one number. */
export async function isNumericColumn({ values }: MetadataColumn): Promise<boolean> {
  if (values.slice(0, GLANCE).some((cell) => numberOf(cell) === undefined)) return false;
  let numbers = 0;
  let others = 0;
  await inSlices(values.length, (i) => {
    const value = numberOf(values[i]);
    if (value === undefined) others++;
    else if (!Number.isNaN(value)) numbers++;
  });
  return numbers > 0 && others === 0;
}
