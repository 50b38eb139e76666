import type { Kernels } from '../kernels/kernels';
import { ROWS_AT_A_TIME } from '../kernels/rows';
import type { MapDims } from '../types/embedding';
import { DensityTerm, type DensityWish } from './densityTerm';
import { type Edges, loadEdges } from './edges';
import { forceTable, pullAt, pushAt } from './forceTable';
import { eitherHolds, joinedDirections, scaleOfAll, type FuzzyGraph, type NearestNeighbours } from './fuzzyGraph';
import type { Layout, LayoutState } from './layout';
import { loadPlaces, readPlaces } from './places';
import { umapCurve } from './umapCurve';

/** Points that each used edge pushes away, as in UMAP. */
const NEGATIVES = 5;

export interface UmapKernelOptions {
  readonly epochs: number;
  /** How tightly points may pack, 0 to `spread`. */
  readonly minDist: number;
  readonly spread?: number;
  readonly seed: number;
  /** The fraction of the way at which to begin: above 0 for a layout that is changed, not made anew. */
  readonly from?: number;
  /** Not with `moving`. */
  readonly density?: DensityWish;
  /** Only so many of the first items move; the others stay where they start. All when not given. */
  readonly moving?: number;
  /** How long the steps are at first; 1 when not given. */
  readonly rate?: number;
}

/** `fuzzyGraph` by the kernels, in float32. */
export function fuzzyGraphByKernels(kernels: Kernels, nearest: NearestNeighbours): FuzzyGraph {
  return joinedDirections(nearest, memberships(kernels, nearest), eitherHolds);
}

/** How strongly each item holds each of its neighbours: 1 for the nearest, falling so that all sum to log2(k + 1). */
export function memberships(kernels: Kernels, { k, distances }: NearestNeighbours): Float32Array {
  const { memory } = kernels;
  const before = memory.allocated;
  const at = memory.allocateFloats(distances);
  const weights = memory.allocate(4 * distances.length);
  kernels.run('memberships', distances.length / k, ROWS_AT_A_TIME, at, k, scaleOfAll(distances, k), weights);
  const result = Float32Array.from(memory.floats(weights, distances.length));
  memory.release(before);
  return result;
}

/**
 * UMAP's layout on several threads. In each epoch every point follows its own edges from where all stood before it, so that the
 * result does not depend on the threads. `start` holds `dims` numbers an item.
 */
export class UmapKernels implements Layout {
  readonly epochs: number;
  private readonly items: number;
  private readonly edges: Edges;
  private readonly phases: number;
  private readonly pulls: number;
  private readonly pushes: number;
  private readonly density: DensityTerm | undefined;
  private before: number;
  private after: number;
  private epoch: number;

  constructor(
    private readonly kernels: Kernels,
    graph: FuzzyGraph,
    start: Float64Array,
    private readonly dims: MapDims,
    private readonly options: UmapKernelOptions,
  ) {
    this.items = start.length / dims;
    this.epochs = options.epochs;
    this.epoch = Math.round((options.from ?? 0) * options.epochs);
    const curve = umapCurve(options.minDist, options.spread);
    this.pulls = kernels.memory.allocateFloats(forceTable((square) => pullAt(curve, square)));
    this.pushes = kernels.memory.allocateFloats(forceTable((square) => pushAt(curve, square)));
    const strongest = graph.weights.reduce((most, weight) => Math.max(most, weight), 0);
    this.edges = loadEdges(kernels, graph, this.items, 1 / strongest);
    this.phases = phasesOf(kernels, this.edges, this.items);
    this.density =
      options.density && new DensityTerm(kernels, options.density, { edges: this.edges, curve, pulls: this.pulls });
    this.before = loadPlaces(kernels, start, dims);
    // Both, as items that do not move are never written.
    this.after = loadPlaces(kernels, start, dims);
  }

  step(): number {
    if (this.epoch >= this.epochs) return this.epoch;
    const { starts, ends, weights } = this.edges;
    const { moving = this.items, rate: first = 1 } = this.options;
    const rate = first * (1 - this.epoch / this.epochs);
    const places = [this.before, this.after, starts, ends, weights, this.phases, this.items];
    const how = [this.pulls, this.pushes, this.epoch, rate, NEGATIVES, this.options.seed];
    this.kernels.run('layoutEpoch', moving, ROWS_AT_A_TIME, ...places, ...how);
    if (this.density?.isAt(this.epoch / this.epochs)) this.density.step(this.after, this.before, rate);
    else [this.before, this.after] = [this.after, this.before];
    return ++this.epoch;
  }

  positions(): Float64Array {
    return readPlaces(this.kernels, this.before, this.items, this.dims);
  }

  /** To go on: the same with these positions as the start, this seed, and `from` at this epoch. */
  state(): LayoutState {
    const { epoch, options } = this;
    return { epoch, seed: options.seed, positions: Float32Array.from(this.positions()), rest: {} };
  }
}

/** Of every edge a number from 0 to 1, the same for both directions and spread evenly: it is used in epochs of its own. */
function phasesOf({ memory }: Kernels, { starts, ends, count }: Edges, items: number): number {
  const at = memory.zeros(4 * count);
  const phases = memory.floats(at, count);
  const firsts = memory.integers(starts, items + 1);
  const others = memory.integers(ends, count);
  for (let item = 0; item < items; item++)
    for (let edge = firsts[item]; edge < firsts[item + 1]; edge++) phases[edge] = phaseOf(item, others[edge]);
  return at;
}

function phaseOf(a: number, b: number): number {
  const mixed = Math.imul(Math.imul(Math.min(a, b), 0x9e3779b1) + Math.max(a, b), 0x85ebca6b);
  return ((mixed ^ (mixed >>> 15)) >>> 8) / 0x1000000;
}
