import type { Planes } from './opponentColours';
import { SOURCE_SIZE } from './pixels';

const GRID = 5;
const CELLS = GRID * GRID;
export const LAYOUT_DIMS = 3 * CELLS;

/** Brightness counts less than colour: lighting changes it most. */
const WEIGHTS = [1, 1.5, 1.5] as const;

const CELL_OF = Int32Array.from({ length: SOURCE_SIZE }, (_, i) => Math.floor((i * GRID) / SOURCE_SIZE));
const CELL_AREA = new Float64Array(CELLS);
for (let y = 0; y < SOURCE_SIZE; y++) for (let x = 0; x < SOURCE_SIZE; x++) CELL_AREA[CELL_OF[y] * GRID + CELL_OF[x]]++;

/**
 * Where a picture is brighter, redder, bluer than it is on the whole: the mean of each cell of a 5 x 5 grid in each plane,
 * less the mean of all cells of that plane. A picture of one colour gives zeros.
 */
export function colourLayout(planes: Planes, layout: Float32Array): void {
  const means = new Float64Array(CELLS);
  for (let p = 0; p < 3; p++) {
    cellMeans(planes[p], means);
    const mean = means.reduce((sum, value) => sum + value, 0) / CELLS;
    for (let i = 0; i < CELLS; i++) {
      const difference = means[i] - mean;
      layout[p * CELLS + i] = Math.abs(difference) < ROUNDING ? 0 : WEIGHTS[p] * difference;
    }
  }
}

/** What the sums of a plain picture may differ by; normalising it would make a pattern of nothing. */
const ROUNDING = 1e-6;

function cellMeans(plane: Float32Array, means: Float64Array): void {
  means.fill(0);
  for (let y = 0, i = 0; y < SOURCE_SIZE; y++) {
    const row = CELL_OF[y] * GRID;
    for (let x = 0; x < SOURCE_SIZE; x++, i++) means[row + CELL_OF[x]] += plane[i];
  }
  for (let i = 0; i < CELLS; i++) means[i] /= CELL_AREA[i];
}
