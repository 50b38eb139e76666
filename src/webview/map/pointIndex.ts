import { DIMMED, type PointSet } from './pointSet';

/** Points a cell of the grid holds on average, and the most cells of a side. */
const POINTS_A_CELL = 2;
const MOST_CELLS = 1024;
/** Points between two looks at the clock. */
const AT_A_TIME = 16_384;

/**
 * Finds points by where they are seen. A grid of cells with the points of each, made when it is first asked after the points have moved or
 * turned, or ahead of that in slices.
 */
export class PointIndex {
  private side = 1;
  private width = 1;
  private left = 0;
  private top = 0;
  /** Where the points of each cell begin in `items`, and where the last end. */
  private starts = new Uint32Array(0);
  private items = new Uint32Array(0);
  private isBuilt = false;
  private work: Generator<void, void> | undefined;

  constructor(private readonly points: PointSet) {}

  /** The points have moved, or the map has been turned. */
  invalidate(): void {
    this.isBuilt = false;
    this.work = undefined;
  }

  /** Works ahead up to `deadline`, as `performance.now` counts. True when it is ready for questions. */
  prepare(deadline: number): boolean {
    while (!this.isBuilt && performance.now() < deadline) (this.work ??= this.build()).next();
    return this.isBuilt;
  }

  /**
   * The point nearest to (x, y) within `radius`, all in world coordinates on the plane of the screen, or -1. A point that stands back is only
   * taken when none that does not is within half as far again. In space what is seen there is taken: of points whose disc, `size` wide
   * from its middle for one in the middle of the whole, is over the place, the foremost.
   */
  nearest(x: number, y: number, radius: number, size = 0): number {
    const { points } = this;
    let best = -1;
    let bestScore = radius;
    let foremost = -1;
    let foremostDepth = -Infinity;
    this.visit(x, y, radius, (item, distance) => {
      const isDimmed = points.standings[item] === DIMMED;
      if (points.dims === 3 && !isDimmed && distance <= size * points.scale(item)) {
        const depth = points.depth(item);
        if (depth > foremostDepth) [foremost, foremostDepth] = [item, depth];
      }
      const score = isDimmed ? distance + radius / 2 : distance;
      if (distance > radius || (best >= 0 && score >= bestScore)) return;
      best = item;
      bestScore = score;
    });
    return foremost >= 0 ? foremost : best;
  }

  private visit(x: number, y: number, radius: number, take: (item: number, distance: number) => void): void {
    this.prepare(Infinity);
    const { current } = this.points;
    const { side, starts, items } = this;
    const [fromX, toX] = [this.cell(x - radius - this.left), this.cell(x + radius - this.left)];
    const [fromY, toY] = [this.cell(y - radius - this.top), this.cell(y + radius - this.top)];
    for (let row = fromY; row <= toY; row++)
      for (let at = starts[row * side + fromX]; at < starts[row * side + toX + 1]; at++) {
        const item = items[at];
        take(item, Math.hypot(current[2 * item] - x, current[2 * item + 1] - y));
      }
  }

  /** Column or row of a place that is so far from the left or the top; places beside the grid belong to its edge. */
  private cell(from: number): number {
    return Math.min(this.side - 1, Math.max(0, Math.floor((from / this.width) * this.side)));
  }

  private *build(): Generator<void, void> {
    this.points.flatten();
    const { current, count } = this.points;
    this.fit(current, count);
    const { side } = this;
    const starts = new Uint32Array(side * side + 1);
    if (this.items.length !== count) this.items = new Uint32Array(count);
    const cells = new Uint32Array(count);
    for (let item = 0; item < count; item++) {
      const cell = this.cell(current[2 * item + 1] - this.top) * side + this.cell(current[2 * item] - this.left);
      cells[item] = cell;
      starts[cell]++;
      if (item % AT_A_TIME === AT_A_TIME - 1) yield;
    }
    for (let cell = 1; cell <= side * side; cell++) starts[cell] += starts[cell - 1];
    // From behind, so that each cell's start ends at its first item and the items of a cell are in their order.
    for (let item = count - 1; item >= 0; item--) {
      this.items[--starts[cells[item]]] = item;
      if (item % AT_A_TIME === 0) yield;
    }
    this.starts = starts;
    this.isBuilt = true;
    this.work = undefined;
  }

  /** The square that holds all points, and how finely it is cut. */
  private fit(current: Float32Array, count: number): void {
    let [left, right, top, bottom] = [0, 0, 0, 0];
    for (let i = 0; i < 2 * count; i += 2) {
      if (current[i] < left) left = current[i];
      if (current[i] > right) right = current[i];
      if (current[i + 1] < top) top = current[i + 1];
      if (current[i + 1] > bottom) bottom = current[i + 1];
    }
    this.left = left;
    this.top = top;
    this.width = Math.max(right - left, bottom - top, 1e-9);
    this.side = Math.max(1, Math.min(MOST_CELLS, Math.ceil(Math.sqrt(count / POINTS_A_CELL))));
  }
}

/**
 * The point that lies best in the direction (dx, dy) from `item`, or `item` itself when there is none: near, and not far
 * off the direction. For walking through the map with the arrow keys.
 */
export function pointTowards(points: PointSet, item: number, dx: number, dy: number): number {
  points.flatten();
  const { current, count, standings } = points;
  let best = item;
  let bestCost = Infinity;
  for (let other = 0; other < count; other++) {
    if (other === item || standings[other] === DIMMED) continue;
    const x = current[2 * other] - current[2 * item];
    const y = current[2 * other + 1] - current[2 * item + 1];
    const along = x * dx + y * dy;
    const across = Math.abs(x * dy - y * dx);
    if (along <= 1e-9 || across > along) continue;
    const cost = along + 2 * across;
    if (cost < bestCost) {
      bestCost = cost;
      best = other;
    }
  }
  return best;
}
