import { KindredError } from '../../rpc/errors';
import type { ItemTable, MetadataColumn } from '../dataset/itemTable';
import { isNumericColumn, numberOf } from '../dataset/numericColumn';
import { inSlices } from '../store/slices';
import type { Projection } from '../types/embedding';
import { extent, toFrame } from './frame';

/** How far beneath the others those without a position lie, as a share of the map's height. */
const GAP = 0.08;

/**
 * The map that the dataset's table brings: x from one column, y from another, y upwards as in a plot. Items without numbers lie
 * in a row beneath the others, and are counted.
 * @param items undefined when the dataset has no table
 * @returns positions as `toFrame` gives them
 * @throws KindredError `invalid-argument` for a column that is not there, or does not hold numbers
 */
export async function columnPositions(
  items: Pick<ItemTable, 'count' | 'metadata'> | undefined,
  [x, y]: readonly [x: string, y: string],
): Promise<Required<Pick<Projection, 'positions' | 'unplaced'>>> {
  const { count = 0, metadata = [] } = items ?? {};
  const across = await numericColumn(metadata, x);
  const up = await numericColumn(metadata, y);
  const positions = new Float64Array(2 * count);
  const unplaced: number[] = [];
  const placed: number[] = [];
  await inSlices(count, (item) => {
    const [left, high] = [numberOf(across.values[item]) ?? NaN, numberOf(up.values[item]) ?? NaN];
    if (Number.isNaN(left) || Number.isNaN(high)) unplaced.push(item);
    else {
      placed.push(left, -high);
      positions[2 * item] = left;
      positions[2 * item + 1] = -high;
    }
  });
  layBeneath(positions, unplaced, placed);
  return { positions: toFrame(positions), unplaced: unplaced.length };
}

function layBeneath(positions: Float64Array, unplaced: readonly number[], placed: readonly number[]): void {
  const [left, right] = extent(placed, 0);
  const [top, bottom] = extent(placed, 1);
  const y = bottom + GAP * (bottom > top ? bottom - top : 1);
  unplaced.forEach((item, i) => {
    positions[2 * item] = left + ((i + 0.5) / unplaced.length) * (right - left);
    positions[2 * item + 1] = y;
  });
}

async function numericColumn(metadata: readonly MetadataColumn[], name: string): Promise<MetadataColumn> {
  const column = metadata.find((one) => one.name === name);
  if (column !== undefined && (await isNumericColumn(column))) return column;
  const fit: string[] = [];
  for (const one of metadata) if (await isNumericColumn(one)) fit.push(`"${one.name}"`);
  const wrong = column === undefined ? 'The dataset has no column' : 'There are not only numbers in the column';
  throw new KindredError('invalid-argument', `${wrong} "${name}".`, {
    remedy:
      fit.length > 1
        ? `Choose two of the columns that hold numbers: ${fit.join(', ')}.`
        : 'Add two columns with the x and the y of each item to the table, or choose another kind of map.',
  });
}
