import { Kernels } from '../kernels/kernels';
import { Random } from '../random';
import type { Matrix } from '../store/matrix';
import type { ProjectionSettings } from '../types/embedding';
import { toFrame } from './frame';
import type { NearestNeighbours } from './fuzzyGraph';
import type { Layout } from './layout';
import { principalAxes, projectOnto, type PcaOptions } from './pca';
import { neighboursFor, pairProbabilities, shrunk, TsneKernels } from './tsneKernels';
import { fuzzyGraphByKernels, UmapKernels } from './umapKernels';
import { epochsFor, startPositions, UmapLayout } from './umapLayout';

/** Milliseconds between two moving pictures. */
const FRAME_EVERY = 120;

/** Enough for a start; the picture of "PCA" itself is fitted to all rows, as far as they are this many numbers. */
const START: PcaOptions = { maxRows: 2048, iterations: 20, tolerance: 1e-6 };
const MOST_VALUES = 1 << 26;

export interface Frame {
  readonly epoch: number;
  readonly epochs: number;
  readonly secondsLeft: number;
  /** As `toFrame` gives it. */
  readonly positions: Float32Array;
}

/** Neighbours of each item that the projection is made from; 0 when it needs none, or there are too few items to lay out. */
export function neighboursNeeded({ kind, neighbours, perplexity }: ProjectionSettings, items: number): number {
  // There must be an item with at least two neighbours and one that is none.
  if (kind === 'pca' || items < 4) return 0;
  if (kind === 'tsne') return neighboursFor(perplexity ?? DEFAULT_PERPLEXITY, items);
  // UMAP counts the item itself as one of its neighbours, and must leave at least one item out.
  return Math.min(neighbours, items - 1) - 1;
}

export const DEFAULT_PERPLEXITY = 30;

/** Positions along the two widest directions: the picture of PCA, or a start for others, which need not be as exact. */
export function principalPositions(matrix: Matrix, purpose: 'picture' | 'start'): Float64Array {
  if (matrix.rows === 0 || matrix.dims === 0) return new Float64Array(2 * matrix.rows);
  const all = { maxRows: Math.max(1, Math.floor(MOST_VALUES / matrix.dims)) };
  return projectOnto(matrix, principalAxes(matrix, 2, purpose === 'start' ? START : all));
}

/**
 * Lays the items out from a start.
 * @param show is handed a picture several times a second
 * @returns final positions, as `toFrame` gives them
 */
export async function layOut(
  nearest: NearestNeighbours,
  start: Float64Array,
  settings: ProjectionSettings,
  show: (frame: Frame) => void,
): Promise<Float32Array> {
  const layout = await layoutOf(nearest, start, settings);
  const started = performance.now();
  let shown = started;
  for (let epoch = 0; epoch < layout.epochs;) {
    epoch = layout.step();
    const now = performance.now();
    if (now - shown < FRAME_EVERY) continue;
    shown = now;
    const secondsLeft = ((now - started) / 1000 / epoch) * (layout.epochs - epoch);
    show({ epoch, epochs: layout.epochs, secondsLeft, positions: toFrame(layout.positions()) });
  }
  return toFrame(layout.positions());
}

async function layoutOf(
  nearest: NearestNeighbours,
  start: Float64Array,
  { kind, minDist, spread = 1, perplexity = DEFAULT_PERPLEXITY, seed, implementation }: ProjectionSettings,
): Promise<Layout> {
  const random = new Random(seed).fork(kind);
  if (implementation === 'umap-js') return new UmapLayout(nearest, start, minDist, random);
  const kernels = await Kernels.start();
  if (kind === 'tsne')
    return new TsneKernels(kernels, pairProbabilities(kernels, nearest, perplexity), shrunk(start, random));
  return new UmapKernels(kernels, fuzzyGraphByKernels(kernels, nearest), startPositions(start, random), 2, {
    epochs: epochsFor(start.length / 2),
    minDist,
    spread,
    seed: random.integer(2 ** 31),
  });
}
