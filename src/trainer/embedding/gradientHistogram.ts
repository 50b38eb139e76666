import type { Planes } from './opponentColours';
import { SOURCE_SIZE } from './pixels';

const CELLS = 5;
const BINS = 8;
export const GRADIENT_DIMS = CELLS * CELLS * BINS;

/** For each pixel's row or column: the cell before it (-1 at the border) and how much of it belongs to the next cell. */
const CELL_BEFORE = new Int32Array(SOURCE_SIZE);
const CELL_SHARE = new Float64Array(SOURCE_SIZE);
for (let i = 0; i < SOURCE_SIZE; i++) {
  const position = ((i + 0.5) * CELLS) / SOURCE_SIZE - 0.5;
  CELL_BEFORE[i] = Math.floor(position);
  CELL_SHARE[i] = position - CELL_BEFORE[i];
}

/** Slopes weaker than this are noise of the compression, not edges. Squared, of planes that go from 0 to 1. */
const NOISE = 1e-6;

/**
 * Histograms of oriented gradients (after Dalal and Triggs 2005): 5 x 5 cells of 8 unsigned orientations. The gradient of a
 * pixel is that of the plane in which it is steepest (central differences); its length is shared among the two nearest
 * orientations and the four nearest cells. `histogram` (zeros, `GRADIENT_DIMS`) is added to.
 */
export function gradientHistogram(planes: Planes, histogram: Float32Array): void {
  const [a, b, c] = planes;
  for (let y = 1; y < SOURCE_SIZE - 1; y++) {
    for (let x = 1; x < SOURCE_SIZE - 1; x++) {
      const i = y * SOURCE_SIZE + x;
      let dx = a[i + 1] - a[i - 1];
      let dy = a[i + SOURCE_SIZE] - a[i - SOURCE_SIZE];
      let steepest = dx * dx + dy * dy;
      for (let p = 1; p < 3; p++) {
        const plane = p === 1 ? b : c;
        const px = plane[i + 1] - plane[i - 1];
        const py = plane[i + SOURCE_SIZE] - plane[i - SOURCE_SIZE];
        const square = px * px + py * py;
        if (square > steepest) [steepest, dx, dy] = [square, px, py];
      }
      if (steepest > NOISE) addGradient(histogram, x, y, dx, dy, Math.sqrt(steepest));
    }
  }
}

function addGradient(histogram: Float32Array, x: number, y: number, dx: number, dy: number, length: number): void {
  const turn = Math.atan2(dy, dx) / Math.PI;
  const position = (turn < 0 ? turn + 1 : turn) * BINS;
  const floor = Math.floor(position);
  const share = position - floor;
  const bin = floor % BINS;
  const next = (bin + 1) % BINS;
  for (let j = 0; j < 2; j++) {
    const row = CELL_BEFORE[y] + j;
    if (row < 0 || row >= CELLS) continue;
    const rowWeight = length * (j === 0 ? 1 - CELL_SHARE[y] : CELL_SHARE[y]);
    for (let k = 0; k < 2; k++) {
      const column = CELL_BEFORE[x] + k;
      if (column < 0 || column >= CELLS) continue;
      const weight = rowWeight * (k === 0 ? 1 - CELL_SHARE[x] : CELL_SHARE[x]);
      const cell = (row * CELLS + column) * BINS;
      histogram[cell + bin] += weight * (1 - share);
      histogram[cell + next] += weight * share;
    }
  }
}
