import { breathe } from '../../store/slices';

/** Degrees from the dominant centre of its class beyond which an item is suspected (Deng 2020). */
export const SUSPECT_DEGREES = 75;

export interface Embedded {
  /** One row an item, L2-normalised. */
  readonly rows: Float32Array;
  readonly dims: number;
  /** The class of each row, 0 to classes - 1. */
  readonly labels: Int32Array;
}

export interface FarItem {
  readonly row: number;
  /** Degrees to the dominant centre of its class. */
  readonly angle: number;
  /** The class whose dominant centre is nearest. */
  readonly nearest: number;
}

export interface DominantView {
  /** The farthest first. */
  readonly far: readonly FarItem[];
  /** Of each class, rows that are not far, the nearest to its dominant centre first. */
  readonly exemplars: readonly (readonly number[])[];
}

/** How many items stand for a class. */
export const EXEMPLARS = 6;

/**
 * The items that are farther than the threshold from the dominant centre of their class: the one that is the nearest for most of the
 * class's items; and those that stand for each class.
 * @param centres [classes x perClass, dims], of any length; those of a class stand together.
 */
export async function farFromDominant(
  { rows, dims, labels }: Embedded,
  centres: Float32Array,
  perClass: number,
  degrees = SUSPECT_DEGREES,
): Promise<DominantView> {
  const units = unitRows(centres, dims);
  const classes = centres.length / dims / perClass;
  const cosine = (row: number, centre: number): number => {
    let sum = 0;
    for (let k = 0; k < dims; k++) sum += rows[row * dims + k] * units[centre * dims + k];
    return sum;
  };
  const votes = new Int32Array(classes * perClass);
  await inBlocks(labels.length, (row) => {
    const first = labels[row] * perClass;
    votes[best(perClass, (centre) => cosine(row, first + centre)) + first]++;
  });
  const dominant = Int32Array.from({ length: classes }, (_, c) => {
    const first = c * perClass;
    return first + best(perClass, (centre) => votes[first + centre]);
  });
  const far: FarItem[] = [];
  const near = Array.from({ length: classes }, (): { readonly row: number; readonly angle: number }[] => []);
  await inBlocks(labels.length, (row) => {
    const angle = (Math.acos(Math.min(1, Math.max(-1, cosine(row, dominant[labels[row]])))) * 180) / Math.PI;
    if (angle > degrees) far.push({ row, angle, nearest: best(classes, (c) => cosine(row, dominant[c])) });
    else near[labels[row]].push({ row, angle });
  });
  far.sort((a, b) => b.angle - a.angle || a.row - b.row);
  const exemplars: number[][] = [];
  await inBlocks(classes, (label) => {
    const sorted = near[label].sort((a, b) => a.angle - b.angle || a.row - b.row);
    exemplars.push(sorted.slice(0, EXEMPLARS).map(({ row }) => row));
  });
  return { far, exemplars };
}

/** Which of 0 to count - 1 has the largest value; the first of equal ones. */
function best(count: number, valueOf: (index: number) => number): number {
  let [found, highest] = [0, -Infinity];
  for (let i = 0; i < count; i++) {
    const value = valueOf(i);
    if (value > highest) [found, highest] = [i, value];
  }
  return found;
}

function unitRows(values: Float32Array, dims: number): Float32Array {
  const units = values.slice();
  for (let start = 0; start < units.length; start += dims) {
    let squares = 0;
    for (let k = 0; k < dims; k++) squares += units[start + k] ** 2;
    const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
    for (let k = 0; k < dims; k++) units[start + k] *= scale;
  }
  return units;
}

const BLOCK = 1024;

async function inBlocks(count: number, work: (index: number) => void): Promise<void> {
  for (let first = 0; first < count; first += BLOCK) {
    for (let i = first; i < Math.min(first + BLOCK, count); i++) work(i);
    await breathe();
  }
}
