import type { Kernels } from '../kernels/kernels';
import type { MapDims } from '../types/embedding';

/** As src/kernels/quadtree.ts lays nodes out. */
const NODE_BYTES = 32;
const HISTOGRAM_BYTES = 1024;
const POINTS_AT_A_TIME = 4096;
/** Groups of four points that a thread takes at a time. Each such part has a sum of its own, added in their order. */
const GROUPS_AT_A_TIME = 64;

/**
 * What all points do to each: sums over all pairs, in which cells of a quadtree (in space an octree) that look small count as one point (Barnes and Hut 1986;
 * van der Maaten 2014).
 */
export class BarnesHut {
  /** What pushes each point: the sum of (y_i - y_j) / (1 + d^2)^2 over all others, `dims` numbers in turn (f32). */
  readonly forces: number;
  private readonly groups: number;
  private readonly codes: number;
  private readonly order: number;
  private readonly scratch: readonly [number, number];
  private readonly sorted: number;
  private readonly nodes: number;
  private readonly nodeCount: number;
  private readonly histogram: number;
  private readonly sums: number;

  /** @param theta a cell counts as one point from which it looks at most this wide: 0 is exact, 0.5 usual */
  constructor(
    private readonly kernels: Kernels,
    private readonly items: number,
    private readonly theta: number,
    private readonly dims: MapDims = 2,
  ) {
    const { memory } = kernels;
    this.groups = Math.ceil(items / 4);
    this.forces = memory.zeros(4 * dims * items);
    this.codes = memory.allocate(4 * items);
    this.order = memory.allocate(4 * items);
    this.scratch = [memory.allocate(4 * items), memory.allocate(4 * items)];
    this.sorted = memory.allocate(16 * dims * this.groups);
    this.nodes = memory.allocate(2 * NODE_BYTES * items);
    this.nodeCount = memory.allocate(4);
    this.histogram = memory.allocate(HISTOGRAM_BYTES);
    this.sums = memory.zeros(8 * Math.ceil(this.groups / GROUPS_AT_A_TIME));
  }

  /**
   * Fills `forces`.
   * @param places address of x, y, z and an unused f32 a point
   * @returns the sum of 1 / (1 + d^2) over all pairs of different points, both ways, above 0
   */
  repel(places: number): number {
    const { kernels, items, dims, codes, order, sorted, nodes, nodeCount } = this;
    const { memory } = kernels;
    const { corner, width } = this.box(places);
    const stride = 4 * this.groups;
    kernels.run('mortonCodes', items, POINTS_AT_A_TIME, places, ...corner, width, dims, codes);
    const sorting = [codes, order, ...this.scratch, sorted, stride];
    kernels.run('plantTree', 1, 1, places, items, dims, width, ...sorting, nodes, nodeCount, this.histogram);
    const walked = [nodes, memory.integers(nodeCount, 1)[0], sorted, stride, order, items, this.theta ** 2];
    const step = GROUPS_AT_A_TIME;
    kernels.run(
      dims === 2 ? 'repulsion' : 'repulsionInSpace',
      this.groups,
      step,
      step,
      ...walked,
      this.forces,
      this.sums,
    );
    const sums = memory.doubles(this.sums, Math.ceil(this.groups / step));
    return Math.max(
      sums.reduce((sum, part) => sum + part, 0),
      Number.MIN_VALUE,
    );
  }

  /** The square, or cube, that holds all points: its least x, y and z, and its width. */
  private box(at: number): { corner: [x: number, y: number, z: number]; width: number } {
    const places = this.kernels.memory.floats(at, 4 * this.items);
    const corner: [number, number, number] = [0, 0, 0];
    let width = 1e-12;
    for (let axis = 0; axis < this.dims; axis++) {
      let [least, greatest] = [Infinity, -Infinity];
      for (let i = axis; i < places.length; i += 4) {
        least = Math.min(least, places[i]);
        greatest = Math.max(greatest, places[i]);
      }
      corner[axis] = least;
      width = Math.max(width, greatest - least);
    }
    return { corner, width };
  }
}
