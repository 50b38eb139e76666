import type { Kernels } from '../kernels/kernels';
import { ROWS_AT_A_TIME } from '../kernels/rows';
import type { Edges } from './edges';
import { forceTable, holdAt } from './forceTable';
import { spreadOf } from './localRadii';
import type { UmapCurve } from './umapCurve';

/** The share of the epochs, at their end, in which densities are looked at, as in densMAP. */
const LAST_SHARE = 0.3;
/** Keeps the correlation steady while the radii on the map hardly differ, as in densMAP. */
const STEADY = 0.1;
const LEAST_RADIUS = 1e-8;

/** What a layout is to keep of the densities of the data. */
export interface DensityWish {
  /** Of the local radii of the data: `standardised(logRadii(...))`. */
  readonly targets: Float64Array;
  /** How much it counts beside UMAP's own forces; 2 in the paper. */
  readonly strength: number;
}

interface Layouts {
  readonly edges: Edges;
  readonly curve: UmapCurve;
  /** Table of UMAP's pulls. */
  readonly pulls: number;
}

/**
 * densMAP's part of a UMAP layout (Narayan, Berger and Cho 2021): the correlation between the logarithms of the local radii on the
 * map and among the data shall be high, so that dense groups lie dense. The original follows its slope along edges that it draws, each
 * multiplied by how rarely it is drawn; here each point follows all of its edges, which is what that comes to on average.
 */
export class DensityTerm {
  private readonly holds: number;
  private readonly sums: number;
  private readonly squares: number;
  private readonly slopes: number;
  private readonly inverses: number;
  /** Half the sum of all weights, the strongest being 1. */
  private readonly weight: number;

  constructor(
    private readonly kernels: Kernels,
    private readonly wish: DensityWish,
    private readonly layout: Layouts,
  ) {
    const { memory } = kernels;
    const bytes = 4 * wish.targets.length;
    this.holds = memory.allocateFloats(forceTable((square) => holdAt(layout.curve, square)));
    [this.sums, this.squares] = [memory.allocate(bytes), memory.allocate(bytes)];
    [this.slopes, this.inverses] = [memory.allocate(bytes), memory.allocate(bytes)];
    const weights = memory.floats(layout.edges.weights, layout.edges.count);
    this.weight = weights.reduce((sum, weight) => sum + weight, 0) / 2;
  }

  /** @param done share of the epochs that have been run */
  isAt(done: number): boolean {
    return done >= 1 - LAST_SHARE;
  }

  /** One step from the places at `before`, written to `after`. @param rate as of UMAP's own step */
  step(before: number, after: number, rate: number): void {
    const { kernels, layout, wish } = this;
    const { starts, ends, weights } = layout.edges;
    const items = wish.targets.length;
    const edges = [starts, ends, weights, this.holds];
    kernels.run('localRadii', items, ROWS_AT_A_TIME, before, ...edges, this.sums, this.squares);
    this.writeSlopes();
    // Each edge is used from both of its ends, and moves both points each time.
    const strength = (2 * wish.strength * this.weight) / items;
    const slopes = [layout.pulls, this.slopes, this.inverses, layout.curve.b, strength, rate];
    kernels.run('densityStep', items, ROWS_AT_A_TIME, before, after, ...edges, ...slopes);
  }

  /** Of the correlation by the log radius of each point. */
  private writeSlopes(): void {
    const { memory } = this.kernels;
    const { targets } = this.wish;
    const items = targets.length;
    const sums = memory.floats(this.sums, items);
    const squares = memory.floats(this.squares, items);
    const radii = new Float64Array(items).map((_, i) =>
      sums[i] > 0 ? Math.log(LEAST_RADIUS + squares[i] / sums[i]) : NaN,
    );
    const { mean, variance } = spreadOf(radii);
    const steady = variance + STEADY;
    const covariance = targets.reduce((sum, target, i) => (sums[i] > 0 ? sum + target * radii[i] : sum), 0) / items;
    const slopes = memory.floats(this.slopes, items);
    const inverses = memory.floats(this.inverses, items);
    for (let i = 0; i < items; i++) {
      const isHeld = sums[i] > 0;
      const slope = (targets[i] - (covariance * (radii[i] - mean)) / steady) / Math.sqrt(steady);
      slopes[i] = isHeld ? slope / sums[i] : 0;
      inverses[i] = isHeld ? 1 / (LEAST_RADIUS + squares[i] / sums[i]) : 0;
    }
  }
}
