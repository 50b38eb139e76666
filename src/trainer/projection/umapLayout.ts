import { UMAP } from 'umap-js';
import type { Random } from '../random';
import type { MapDims } from '../types/embedding';
import { extent } from './frame';
import type { Layout } from './layout';
import type { FuzzyGraph } from './fuzzyGraph';

/** Width of the square in which the layout starts, as in UMAP. */
const START_WIDTH = 10;
/** Keeps points that start in one place from moving as one. */
const NOISE = 1e-4;

/** As many as UMAP takes: small maps need more steps to settle, large ones have more to learn from in each. */
export function epochsFor(items: number): number {
  if (items <= 2500) return 500;
  if (items <= 5000) return 400;
  return items <= 7500 ? 300 : 200;
}

/**
 * A UMAP layout in steps. umap-js optimises; it is handed the graph (`fuzzyGraph`) and the start, both of which
 * it would otherwise make itself in a slower way.
 *
 * @param start `dims` numbers an item in turn, of any size
 * @param random draws the noise and the negative samples
 */
export class UmapLayout implements Layout {
  readonly epochs: number;
  private readonly umap: UMAP;
  private epoch = 0;

  constructor(
    graph: FuzzyGraph,
    start: Float64Array,
    minDist: number,
    random: Random,
    private readonly dims: MapDims = 2,
  ) {
    const items = start.length / dims;
    this.epochs = epochsFor(items);
    this.umap = new UMAP({
      nComponents: dims,
      // It asks for more items than neighbours, and looks for none itself.
      nNeighbors: 2,
      nEpochs: this.epochs,
      minDist,
      random: () => random.next(),
    });
    // Replaces three of umap-js's private methods; the version is pinned, and a test compares the result with the original's.
    Object.assign(this.umap, {
      fuzzySimplicialSet: () => ({ nRows: items, nCols: items }),
      makeSearchGraph: () => undefined,
      initializeSimplicialSetEmbedding: () => {
        Object.assign(this.umap, { embedding: pointsOf(startPositions(start, random, dims), dims) });
        return edgesOf(graph, this.epochs);
      },
    });
    this.umap.setPrecomputedKNN([], []);
    this.umap.initializeFit(Array.from({ length: items }, () => []));
  }

  /** Runs one epoch; gives how many have been run. */
  step(): number {
    if (this.epoch < this.epochs) this.umap.step();
    return ++this.epoch;
  }

  /** x, y (and z) in turn. */
  positions(): Float64Array {
    const points = this.umap.getEmbedding();
    const positions = new Float64Array(points.length * this.dims);
    points.forEach((point, i) => positions.set(point, this.dims * i));
    return positions;
  }
}

/** Where UMAP begins: each axis stretched to the width of the start square. An axis along which nothing differs is filled at random. */
export function startPositions(start: Float64Array, random: Random, dims: MapDims = 2): Float64Array {
  const axes = Array.from({ length: dims }, (_, axis) => {
    const [least, greatest] = extent(start, axis, dims);
    return { least, range: greatest - least };
  });
  const widest = Math.max(...axes.map(({ range }) => range));
  return start.map((value, i) => {
    const { least, range } = axes[i % dims];
    const share = range > widest * 1e-6 ? (value - least) / range : random.next();
    return (share - 0.5) * START_WIDTH + NOISE * random.normal();
  });
}

function pointsOf(positions: Float64Array, dims: MapDims): number[][] {
  return Array.from({ length: positions.length / dims }, (_, i) => [...positions.subarray(dims * i, dims * (i + 1))]);
}

/** What umap-js's optimiser takes: the edges strong enough to be used at all, and how many epochs lie between their uses. */
export function edgesOf(
  graph: FuzzyGraph,
  epochs: number,
): { head: Int32Array; tail: Int32Array; epochsPerSample: Float64Array } {
  const strongest = graph.weights.reduce((most, weight) => Math.max(most, weight), 0);
  const kept = graph.weights.reduce((count, weight) => count + (weight < strongest / epochs ? 0 : 1), 0);
  const head = new Int32Array(kept);
  const tail = new Int32Array(kept);
  const epochsPerSample = new Float64Array(kept);
  for (let edge = 0, i = 0; edge < graph.weights.length; edge++) {
    if (graph.weights[edge] < strongest / epochs) continue;
    head[i] = graph.columns[edge];
    tail[i] = graph.rows[edge];
    epochsPerSample[i++] = epochs / ((graph.weights[edge] / strongest) * epochs);
  }
  return { head, tail, epochsPerSample };
}
