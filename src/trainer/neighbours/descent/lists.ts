import type { Kernels } from '../../kernels/kernels';

/** A list of neighbours for each row, in the kernels' memory: src/kernels/descent.ts says how. */
export interface Lists {
  readonly rows: number;
  /** Entries a list, a multiple of 4. */
  readonly width: number;
  readonly ids: number;
  readonly distances: number;
}

export function emptyLists({ memory }: Kernels, rows: number, atLeast: number): Lists {
  const width = 4 * Math.ceil(atLeast / 4);
  const ids = memory.allocate(4 * rows * width);
  const distances = memory.allocate(4 * rows * width);
  memory.integers(ids, rows * width).fill(-1);
  memory.floats(distances, rows * width).fill(Infinity);
  return { rows, width, ids, distances };
}
