import type { Kernels } from '../kernels/kernels';
import { ROWS_AT_A_TIME } from '../kernels/rows';
import type { Random } from '../random';
import type { MapDims } from '../types/embedding';
import { BarnesHut } from './barnesHut';
import { type Edges, loadEdges } from './edges';
import { joinedDirections, type FuzzyGraph, type NearestNeighbours } from './fuzzyGraph';
import type { Layout, LayoutState } from './layout';
import { loadPlaces, readPlaces } from './places';

/** As van der Maaten (2014) and, for the rate, Belkina et al. (2019) do. */
const EARLY_STEPS = 250;
const LATE_STEPS = 750;
const EARLY_EXAGGERATION = 12;
const EARLY_MOMENTUM = 0.5;
const LATE_MOMENTUM = 0.8;
const LEAST_RATE = 50;
/** A cell may count as one point when it is at least twice as far away as it is wide. */
const THETA = 0.5;
/** Spread of the start, in which no point is far from any other. */
const START_SPREAD = 1e-4;

/** Neighbours that a perplexity asks for, so that those left out hardly count. */
export function neighboursFor(perplexity: number, items: number): number {
  return Math.max(1, Math.min(Math.round(3 * perplexity), items - 1));
}

/**
 * The probabilities of pairs (van der Maaten and Hinton 2008, sections 2 and 3.1): each item's of picking each of its neighbours, at the
 * perplexity (or a third of the neighbours, when there are not as many), joined over both directions. They sum to 1.
 */
export function pairProbabilities(kernels: Kernels, nearest: NearestNeighbours, perplexity: number): FuzzyGraph {
  const items = nearest.indices.length / nearest.k;
  const chosen = affinities(kernels, nearest, perplexity);
  return joinedDirections(nearest, chosen, (there, back) => (there + back) / (2 * items));
}

/** The probability with which each item picks each of its neighbours, at the perplexity or a third of the neighbours; 1 in all for each item. */
export function affinities(kernels: Kernels, { k, distances }: NearestNeighbours, perplexity: number): Float32Array {
  const { memory } = kernels;
  const before = memory.allocated;
  const squares = memory.allocateFloats(distances.map((distance) => distance * distance));
  const out = memory.allocate(4 * distances.length);
  const entropy = Math.log(Math.max(1, Math.min(perplexity, k / 3)));
  kernels.run('affinities', distances.length / k, ROWS_AT_A_TIME, squares, k, entropy, out);
  const chosen = Float32Array.from(memory.floats(out, distances.length));
  memory.release(before);
  return chosen;
}

/** The start of t-SNE: principal positions shrunk until no point is far from another, with a little noise so that none are alike. */
export function shrunk(start: Float64Array, random: Random, dims: MapDims = 2): Float64Array {
  const items = start.length / dims;
  let [mean, square] = [0, 0];
  for (let i = 0; i < start.length; i += dims) {
    mean += start[i] / items;
    square += start[i] ** 2 / items;
  }
  const spread = Math.sqrt(Math.max(square - mean * mean, 0));
  const scale = spread > 0 ? START_SPREAD / spread : 0;
  return start.map((value) => value * scale + 0.01 * START_SPREAD * random.normal());
}

/**
 * Barnes-Hut t-SNE on several threads, in the plane or in space. The sums that all points share are added in one order, so the result does not
 * depend on the threads.
 */
export class TsneKernels implements Layout {
  readonly epochs = EARLY_STEPS + LATE_STEPS;
  private readonly items: number;
  private readonly edges: Edges;
  private readonly tree: BarnesHut;
  private readonly speeds: number;
  private readonly gains: number;
  private before: number;
  private after: number;
  private epoch: number;

  /**
   * @param start `dims` numbers of each item, as `shrunk` gives them
   * @param resumed goes on from this state of the same layout instead
   */
  constructor(
    private readonly kernels: Kernels,
    graph: FuzzyGraph,
    start: Float64Array,
    private readonly dims: MapDims = 2,
    resumed?: LayoutState,
  ) {
    const { memory } = kernels;
    this.items = start.length / dims;
    this.epoch = resumed?.epoch ?? 0;
    this.edges = loadEdges(kernels, graph, this.items, 1);
    this.tree = new BarnesHut(kernels, this.items, THETA, dims);
    this.speeds = memory.allocateFloats(resumed?.rest['speeds'] ?? new Float32Array(dims * this.items));
    this.gains = memory.allocateFloats(resumed?.rest['gains'] ?? new Float32Array(dims * this.items).fill(1));
    this.before = loadPlaces(kernels, resumed?.positions ?? start, dims);
    this.after = memory.zeros(16 * this.items);
  }

  step(): number {
    if (this.epoch >= this.epochs) return this.epoch;
    const early = this.epoch < EARLY_STEPS;
    const exaggeration = early ? EARLY_EXAGGERATION : 1;
    const rate = Math.max(this.items / EARLY_EXAGGERATION / 4, LEAST_RATE);
    const momentum = early ? EARLY_MOMENTUM : LATE_MOMENTUM;
    const total = this.tree.repel(this.before);
    const { starts, ends, weights } = this.edges;
    const pulls = [this.before, this.after, starts, ends, weights, exaggeration];
    const moves = [this.dims, this.tree.forces, 1 / total, this.speeds, this.gains, rate, momentum];
    this.kernels.run('tsneStep', this.items, ROWS_AT_A_TIME, ...pulls, ...moves);
    [this.before, this.after] = [this.after, this.before];
    return ++this.epoch;
  }

  positions(): Float64Array {
    return readPlaces(this.kernels, this.before, this.items, this.dims);
  }

  state(): LayoutState {
    const { memory } = this.kernels;
    const kept = (at: number): Float32Array => Float32Array.from(memory.floats(at, this.dims * this.items));
    const rest = { speeds: kept(this.speeds), gains: kept(this.gains) };
    return { epoch: this.epoch, positions: Float32Array.from(this.positions()), rest };
  }
}
