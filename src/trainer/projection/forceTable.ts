import type { UmapCurve } from './umapCurve';

/** As src/kernels/table.ts reads it: 32 lines in each octave of the squared distance from 2^-40 to 2^24. */
const FIRST_OCTAVE = -40;
const OCTAVES = 64;
const LINES_AN_OCTAVE = 32;

/** Keeps the push of points in one place finite, as in UMAP. */
const NEAREST = 0.001;

/** The curve itself, by the squared distance. */
export function holdAt({ a, b }: UmapCurve, square: number): number {
  return 1 / (1 + a * square ** b);
}

/** How strongly an edge pulls, as a share of the way between its points: the slope of -log of the curve, by the squared distance. */
export function pullAt({ a, b }: UmapCurve, square: number): number {
  const raised = square ** b;
  return (2 * a * b * raised) / (square * (1 + a * raised));
}

/** How strongly two points that no edge joins push each other: the slope of -log(1 - curve), by the squared distance. */
export function pushAt({ a, b }: UmapCurve, square: number): number {
  return (2 * b) / ((NEAREST + square) * (1 + a * square ** b));
}

/** Lines through a force at the ends of each part: its value at 0 and its slope, in turn. Within 1e-4 of the force between them. */
export function forceTable(force: (square: number) => number): Float32Array {
  const table = new Float32Array(2 * OCTAVES * LINES_AN_OCTAVE);
  for (let line = 0; line < OCTAVES * LINES_AN_OCTAVE; line++) {
    const octave = 2 ** (FIRST_OCTAVE + Math.floor(line / LINES_AN_OCTAVE));
    const from = octave * (1 + (line % LINES_AN_OCTAVE) / LINES_AN_OCTAVE);
    const to = from + octave / LINES_AN_OCTAVE;
    const slope = (force(to) - force(from)) / (to - from);
    table[2 * line] = force(from) - slope * from;
    table[2 * line + 1] = slope;
  }
  return table;
}
