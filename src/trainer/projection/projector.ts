import { Kernels } from '../kernels/kernels';
import { Random } from '../random';
import type { Matrix } from '../store/matrix';
import type { MapDims, ProjectionSettings } from '../types/embedding';
import { toFrame } from './frame';
import type { NearestNeighbours } from './fuzzyGraph';
import type { Layout } from './layout';
import { principalAxes, projectOnto, type PcaOptions } from './pca';
import { turnedTo } from './procrustes';
import { spectralPositions } from './spectral';
import { neighboursFor, pairProbabilities, shrunk, TsneKernels } from './tsneKernels';
import { fuzzyGraphByKernels, UmapKernels } from './umapKernels';
import { epochsFor, startPositions, UmapLayout } from './umapLayout';

/** Milliseconds between two moving pictures. */
const FRAME_EVERY = 80;

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

/** Positions along the two (in space three) widest directions: the picture of PCA, or a start for others, which need not be as exact. */
export function principalPositions(matrix: Matrix, purpose: 'picture' | 'start', dims: MapDims = 2): Float64Array {
  if (matrix.rows === 0 || matrix.dims === 0) return new Float64Array(dims * matrix.rows);
  const all = { maxRows: Math.max(1, Math.floor(MOST_VALUES / matrix.dims)) };
  return projectOnto(matrix, principalAxes(matrix, dims, purpose === 'start' ? START : all));
}

/** From where the items are laid out. */
export interface LayoutStart {
  /** Where they lie by PCA. */
  readonly principal: Float64Array;
  /** Where they lie on the map that this one is to be like. */
  readonly like?: ArrayLike<number>;
}

/** A layout that begins with a finished one goes on from here, with shorter steps than at first. */
const GOES_ON_AT = 0.4;

/**
 * Lays the items out from a start.
 * @param show is handed a picture several times a second
 * @returns final positions, as `toFrame` gives them
 */
export async function layOut(
  nearest: NearestNeighbours,
  start: LayoutStart,
  settings: ProjectionSettings,
  show: (frame: Frame) => void,
): Promise<Float32Array> {
  const layout = await layoutOf(nearest, start, settings);
  const { like } = start;
  const { dims = 2 } = settings;
  const picture = (): Float32Array => {
    const positions = layout.positions();
    return toFrame(like === undefined ? positions : turnedTo(positions, like, dims), dims);
  };
  const started = performance.now();
  let shown = started;
  let first: number | undefined;
  for (let epoch = 0; epoch < layout.epochs;) {
    epoch = layout.step();
    first ??= epoch - 1;
    const now = performance.now();
    if (now - shown < FRAME_EVERY) continue;
    shown = now;
    const secondsLeft = ((now - started) / 1000 / (epoch - first)) * (layout.epochs - epoch);
    show({ epoch, epochs: layout.epochs, secondsLeft, positions: picture() });
  }
  return picture();
}

async function layoutOf(
  nearest: NearestNeighbours,
  { principal, like }: LayoutStart,
  settings: ProjectionSettings,
): Promise<Layout> {
  const { kind, dims = 2, minDist, spread = 1, perplexity = DEFAULT_PERPLEXITY, seed, implementation } = settings;
  const random = new Random(seed).fork(kind);
  const from = like === undefined ? principal : Float64Array.from(like);
  if (implementation === 'umap-js') return new UmapLayout(nearest, from, minDist, random, dims);
  const kernels = await Kernels.start();
  if (kind === 'tsne')
    return new TsneKernels(kernels, pairProbabilities(kernels, nearest, perplexity), shrunk(from, random, dims), dims);
  const graph = fuzzyGraphByKernels(kernels, nearest);
  const isSpectral = settings.start !== 'principal' && like === undefined;
  const start = isSpectral ? spectralPositions(kernels, graph, from, dims) : from;
  return new UmapKernels(kernels, graph, startPositions(start, random, dims), dims, {
    epochs: epochsFor(start.length / dims),
    minDist,
    spread,
    seed: random.integer(2 ** 31),
    ...(like === undefined ? {} : { from: GOES_ON_AT }),
  });
}
