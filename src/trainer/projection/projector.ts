import { Kernels } from '../kernels/kernels';
import { Random } from '../random';
import type { Matrix } from '../store/matrix';
import type { MapDims, ProjectionSettings } from '../types/embedding';
import { framing, toFrame } from './frame';
import { fuzzyGraph, type FuzzyGraph, type NearestNeighbours } from './fuzzyGraph';
import { drawnByLabels } from './labelledGraph';
import type { Layout, LayoutState } from './layout';
import { logRadii, standardised } from './localRadii';
import { principalAxes, projectOnto, type PcaOptions, type PrincipalAxes } from './pca';
import { turnedTo } from './procrustes';
import { spectralPositions } from './spectral';
import { neighboursFor, pairProbabilities, shrunk, TsneKernels } from './tsneKernels';
import { fuzzyGraphByKernels, type UmapKernelOptions, UmapKernels } from './umapKernels';
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
  return projectOnto(matrix, axesFor(matrix, purpose, dims));
}

/**
 * The picture of PCA as `toFrame` gives it, and what places further rows into it: for each dimension of the map the factors of a row and, last,
 * what is added.
 */
export function principalPicture(matrix: Matrix, dims: MapDims): { positions: Float32Array; axes: Float32Array } {
  const found = axesFor(matrix, 'picture', dims);
  const positions = projectOnto(matrix, found);
  const { centre, half } = framing(positions, dims);
  const scale = half > 0 ? 1 / half : 0;
  const axes = found.axes.flatMap((axis, i) => {
    const shift = axis.reduce((sum, value, d) => sum + value * found.mean[d], centre[i]);
    return [...axis, -shift].map((value) => value * scale);
  });
  return { positions: toFrame(positions, dims), axes: Float32Array.from(axes) };
}

function axesFor(matrix: Matrix, purpose: 'picture' | 'start', count: MapDims): PrincipalAxes {
  const { rows, dims } = matrix;
  const none = new Float64Array(dims);
  if (rows === 0 || dims === 0)
    return { mean: none, axes: Array.from({ length: count }, () => none), variances: new Array<number>(count).fill(0) };
  const all = { maxRows: Math.max(1, Math.floor(MOST_VALUES / dims)) };
  return principalAxes(matrix, count, purpose === 'start' ? START : all);
}

/** From where the items are laid out. */
export interface LayoutStart {
  /** Where they lie by PCA. */
  readonly principal: Float64Array;
  /** Where they lie on the map that this one is to be like. */
  readonly like?: ArrayLike<number>;
  /** Code of each item's label, -1 for none, when the labels are to pull. */
  readonly labels?: ArrayLike<number>;
  /** How far the same layout was when it was broken off. */
  readonly resumed?: LayoutState | undefined;
}

/** Keeps how far a layout is, from time to time. */
export interface Keeper {
  /** Milliseconds. */
  readonly every: number;
  write(state: LayoutState): Promise<void>;
}

/** A layout that begins with a finished one goes on from here, with shorter steps than at first. */
const GOES_ON_AT = 0.4;

/**
 * Lays the items out from a start.
 * @param show is handed a picture several times a second
 * @param keeper is handed what the layout can go on from
 * @returns final positions, as `toFrame` gives them, and the length that became 1
 */
export async function layOut(
  nearest: NearestNeighbours,
  start: LayoutStart,
  settings: ProjectionSettings,
  show: (frame: Frame) => void,
  keeper?: Keeper,
): Promise<{ readonly positions: Float32Array; readonly scale: number }> {
  const layout = await layoutOf(nearest, start, settings);
  const { like } = start;
  const { dims = 2 } = settings;
  const places = (): Float64Array => {
    const positions = layout.positions();
    return like === undefined ? positions : turnedTo(positions, like, dims);
  };
  const started = performance.now();
  let shown = started;
  let kept = started;
  let first: number | undefined;
  for (let epoch = 0; epoch < layout.epochs;) {
    epoch = layout.step();
    first ??= epoch - 1;
    const now = performance.now();
    if (keeper !== undefined && layout.state !== undefined && now - kept >= keeper.every) {
      await keeper.write(layout.state());
      kept = performance.now();
    }
    if (now - shown < FRAME_EVERY) continue;
    shown = now;
    const secondsLeft = ((now - started) / 1000 / (epoch - first)) * (layout.epochs - epoch);
    show({ epoch, epochs: layout.epochs, secondsLeft, positions: toFrame(places(), dims) });
  }
  const last = places();
  return { positions: toFrame(last, dims), scale: framing(last, dims).half };
}

async function layoutOf(nearest: NearestNeighbours, start: LayoutStart, settings: ProjectionSettings): Promise<Layout> {
  const { kind, dims = 2, minDist, perplexity = DEFAULT_PERPLEXITY, seed, supervision = 0 } = settings;
  const random = new Random(seed).fork(kind);
  const { resumed } = start;
  const from = start.like === undefined ? start.principal : Float64Array.from(start.like);
  const pulled = (graph: FuzzyGraph): FuzzyGraph =>
    start.labels === undefined || supervision === 0 ? graph : drawnByLabels(graph, start.labels, supervision);
  if (settings.implementation === 'umap-js')
    return new UmapLayout(pulled(fuzzyGraph(nearest)), from, minDist, random, dims);
  const kernels = await Kernels.start();
  if (kind === 'tsne')
    return new TsneKernels(
      kernels,
      pairProbabilities(kernels, nearest, perplexity),
      shrunk(from, random, dims),
      dims,
      resumed,
    );
  const graph = pulled(fuzzyGraphByKernels(kernels, nearest));
  const options = umapOptions(nearest, graph, settings);
  if (resumed?.seed !== undefined) {
    const goesOn = { ...options, seed: resumed.seed, from: resumed.epoch / options.epochs };
    return new UmapKernels(kernels, graph, Float64Array.from(resumed.positions), dims, goesOn);
  }
  const isSpectral = settings.start !== 'principal' && start.like === undefined;
  const places = isSpectral ? spectralPositions(kernels, graph, from, dims) : from;
  return new UmapKernels(kernels, graph, startPositions(places, random, dims), dims, {
    ...options,
    seed: random.integer(2 ** 31),
    ...(start.like === undefined ? {} : { from: GOES_ON_AT }),
  });
}

function umapOptions(
  nearest: NearestNeighbours,
  graph: FuzzyGraph,
  { minDist, spread = 1, density = 0 }: ProjectionSettings,
): Omit<UmapKernelOptions, 'seed'> {
  const epochs = epochsFor(nearest.indices.length / nearest.k);
  if (density === 0) return { epochs, minDist, spread };
  return { epochs, minDist, spread, density: { targets: standardised(logRadii(nearest, graph)), strength: density } };
}
