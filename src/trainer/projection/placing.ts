import type { Kernels } from '../kernels/kernels';
import { nearestAmong, type FoundAmong } from '../neighbours/exactSearch';
import { Random } from '../random';
import type { Matrix } from '../store/matrix';
import type { Progress } from '../types/progress';
import type { MapDims, ProjectionSettings } from '../types/embedding';
import { affinities } from './tsneKernels';
import { memberships, UmapKernels } from './umapKernels';

/** As UMAP's `transform` does: few epochs, and steps a quarter as long as those of a layout. */
const EPOCHS = 100;
const EPOCHS_OF_MANY = 30;
const MANY = 10_000;
const RATE = 0.25;
/** By how many neighbours a place on a map of t-SNE is chosen, and how they are weighed (as openTSNE does). */
const TSNE_NEIGHBOURS = 15;
const TSNE_PERPLEXITY = 5;

/** A map, and which of the embedding's items are on it. */
export interface KnownPlaces {
  /** Row numbers of the items that have a place, and of those that shall get one. */
  readonly known: Int32Array;
  readonly fresh: Int32Array;
  /** Of the known ones, as `toFrame` gives them: as many numbers an item as the map has dimensions. */
  readonly positions: Float32Array;
  /** Length in the layout's own units of 1 on the map. */
  readonly scale: number;
}

/**
 * Places new items into a map whose other items stay where they are. UMAP: each begins at the mean of its nearest items of the map, weighed
 * by how strongly it holds them, and then goes through some epochs of UMAP's own forces in which only the new ones move. t-SNE:
 * at the weighted median of its nearest. The same bytes on any number of threads.
 * @returns positions of the fresh items, kept within the frame of the map
 */
export function placeItems(
  kernels: Kernels,
  vectors: Matrix,
  map: KnownPlaces,
  settings: ProjectionSettings,
  report: (progress: Progress) => void = () => undefined,
): Float32Array {
  const { known, fresh } = map;
  const { kind, metric = 'cosine' } = settings;
  const k = kind === 'tsne' ? TSNE_NEIGHBOURS : settings.neighbours - 1;
  const near = nearestAmong(kernels, vectors, known, fresh, { k, metric }, (done) =>
    report({ stage: 'Placing new items', done, total: fresh.length, unit: 'items' }),
  );
  const placed =
    kind === 'tsne' ? medianPlaces(kernels, near, map, settings.dims ?? 2) : movedPlaces(kernels, near, map, settings);
  return placed.map(withinFrame);
}

/** UMAP's `transform` (McInnes, Healy and Melville 2018): only the new items move. */
function movedPlaces(kernels: Kernels, near: FoundAmong, map: KnownPlaces, settings: ProjectionSettings): Float32Array {
  const { positions, fresh, scale } = map;
  const { dims = 2 } = settings;
  const weights = memberships(kernels, near);
  const start = meanPlaces(near, weights, positions, dims);
  if (scale === 0) return start;
  const all = new Float64Array(start.length + positions.length);
  start.forEach((value, i) => (all[i] = value * scale));
  positions.forEach((value, i) => (all[start.length + i] = value * scale));
  const edges = {
    rows: near.indices.map((_, edge) => Math.floor(edge / near.k)),
    columns: near.indices.map((place) => fresh.length + place),
    weights: Float64Array.from(weights),
  };
  const layout = new UmapKernels(kernels, edges, all, dims, {
    epochs: fresh.length > MANY ? EPOCHS_OF_MANY : EPOCHS,
    minDist: settings.minDist,
    spread: settings.spread ?? 1,
    seed: new Random(settings.seed).fork('placing').integer(2 ** 31),
    moving: fresh.length,
    rate: RATE,
  });
  while (layout.step() < layout.epochs);
  return Float32Array.from(layout.positions().subarray(0, start.length), (value) => value / scale);
}

function meanPlaces(
  { k, indices }: FoundAmong,
  weights: Float32Array,
  positions: Float32Array,
  dims: number,
): Float32Array {
  const means = new Float32Array((indices.length / k) * dims);
  for (let item = 0; item < indices.length / k; item++) {
    let total = 0;
    for (let j = item * k; j < (item + 1) * k; j++) total += weights[j];
    for (let axis = 0; axis < dims; axis++) {
      let sum = 0;
      for (let j = item * k; j < (item + 1) * k; j++) sum += weights[j] * positions[indices[j] * dims + axis];
      means[item * dims + axis] = sum / total;
    }
  }
  return means;
}

/** Along each axis where half of the weight lies on either side: unlike a mean never in the gap between two islands because of a few. */
function medianPlaces(kernels: Kernels, near: FoundAmong, map: KnownPlaces, dims: MapDims): Float32Array {
  const { k, indices } = near;
  const weights = affinities(kernels, near, TSNE_PERPLEXITY);
  const medians = new Float32Array((indices.length / k) * dims);
  for (let item = 0; item < indices.length / k; item++)
    for (let axis = 0; axis < dims; axis++) {
      const along = Array.from({ length: k }, (_, j) => ({
        value: map.positions[indices[item * k + j] * dims + axis],
        weight: weights[item * k + j],
      })).sort((a, b) => a.value - b.value);
      let half = along.reduce((sum, { weight }) => sum + weight, 0) / 2;
      const middle = along.find(({ weight }) => (half -= weight) <= 0) ?? along[k - 1];
      medians[item * dims + axis] = middle.value;
    }
  return medians;
}

/** Where rows lie along the axes of a map of PCA, as `principalPicture` gives them; kept within its frame. */
export function placeOnAxes({ data, dims }: Matrix, fresh: Int32Array, axes: Float32Array): Float32Array {
  const width = axes.length / (dims + 1);
  const placed = new Float32Array(fresh.length * width);
  fresh.forEach((row, i) => {
    for (let axis = 0; axis < width; axis++) {
      const from = axis * (dims + 1);
      let sum = axes[from + dims];
      for (let d = 0; d < dims; d++) sum += axes[from + d] * data[row * dims + d];
      placed[i * width + axis] = sum;
    }
  });
  return placed.map(withinFrame);
}

function withinFrame(value: number): number {
  return Math.min(1, Math.max(-1, value));
}
