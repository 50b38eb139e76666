import { KindredError } from '../../rpc/errors';
import type { ItemTable, MetadataColumn } from '../dataset/itemTable';
import { isNumericColumn, numberOf } from '../dataset/numericColumn';
import { inSlices } from '../store/slices';
import type { MapDims, Projection, ProjectionSettings } from '../types/embedding';
import { extent, toFrame } from './frame';

/** How far beneath the others those without a position lie, as a share of the map's height. */
const GAP = 0.08;

/**
 * The map that the dataset's table brings: x from one column, y from another, y upwards as in a plot, and in space z towards the
 * person from a third. Items without numbers lie in a row beneath the others, and are counted.
 * @param items undefined when the dataset has no table
 * @returns positions as `toFrame` gives them
 * @throws KindredError `invalid-argument` for a column that is not there, or does not hold numbers
 */
export async function columnPositions(
  items: Pick<ItemTable, 'count' | 'metadata'> | undefined,
  names: NonNullable<ProjectionSettings['columns']>,
): Promise<Required<Pick<Projection, 'positions' | 'unplaced'>>> {
  const { count = 0, metadata = [] } = items ?? {};
  const columns: MetadataColumn[] = [];
  for (const name of names) if (name !== undefined) columns.push(await numericColumn(metadata, name));
  const dims = columns.length as MapDims;
  const positions = new Float64Array(dims * count);
  const unplaced: number[] = [];
  const placed: number[] = [];
  await inSlices(count, (item) => {
    const place = columns.map(({ values }, axis) => (numberOf(values[item]) ?? NaN) * (axis === 1 ? -1 : 1));
    if (place.some(Number.isNaN)) unplaced.push(item);
    else {
      placed.push(...place);
      positions.set(place, dims * item);
    }
  });
  layBeneath(positions, unplaced, placed, dims);
  return { positions: toFrame(positions, dims), unplaced: unplaced.length };
}

function layBeneath(
  positions: Float64Array,
  unplaced: readonly number[],
  placed: readonly number[],
  dims: MapDims,
): void {
  const [left, right] = extent(placed, 0, dims);
  const [top, bottom] = extent(placed, 1, dims);
  const [far, near] = extent(placed, 2, dims);
  const y = bottom + GAP * (bottom > top ? bottom - top : 1);
  unplaced.forEach((item, i) => {
    const place = [left + ((i + 0.5) / unplaced.length) * (right - left), y, (far + near) / 2];
    positions.set(place.slice(0, dims), dims * item);
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
