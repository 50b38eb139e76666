import type { PointSet } from './pointSet';

/** Depths that are told apart; points in the same one are painted in their mixed order. */
const DEPTHS = 4096;
/** Points between two looks at the clock. */
const AT_A_TIME = 16_384;

/**
 * The painting order of points in space: as on a flat map those that stand back first and the selected last, and among their like the
 * far before the near, so that near points cover far ones and blend as they should. Sorted by counting, in slices: with very many
 * points the order may be some frames behind the turn, but no frame waits for it.
 */
export class DepthOrder {
  private keys = new Uint16Array(0);
  private next = new Uint32Array(0);
  private work: Generator<void, void> | undefined;
  private isStale = false;

  constructor(private readonly points: PointSet) {}

  /** Points, standings, or the turn have changed. @param anew what was begun is of no use: there are other points */
  invalidate(anew = false): void {
    this.isStale = true;
    if (anew) this.work = undefined;
  }

  /** There is something left to sort. */
  get busy(): boolean {
    return this.points.dims === 3 && (this.isStale || this.work !== undefined);
  }

  /** Sorts a slice, and more up to `deadline`, as `performance.now` counts. True when `points.order` is another one now. */
  run(deadline: number): boolean {
    if (!this.busy) return false;
    const work = this.work ?? this.sort();
    this.isStale &&= this.work !== undefined;
    this.work = work;
    do if (work.next().done === true) return true;
    while (performance.now() < deadline);
    return false;
  }

  private *sort(): Generator<void, void> {
    const { points } = this;
    const { count, mixed, standings, camera, world } = points;
    if (this.keys.length !== count) {
      this.keys = new Uint16Array(count);
      this.next = new Uint32Array(count);
    }
    const { keys, next } = this;
    const starts = new Uint32Array(3 * DEPTHS + 1);
    const perDepth = (DEPTHS - 1) / (2 * camera.radius);
    for (let item = 0; item < count; item++) {
      const depth = camera.depth(world[3 * item], world[3 * item + 1], world[3 * item + 2]);
      const step = Math.min(DEPTHS - 1, Math.max(0, Math.round((depth + camera.radius) * perDepth)));
      const key = standings[item] * DEPTHS + step;
      keys[item] = key;
      starts[key + 1]++;
      if (item % AT_A_TIME === AT_A_TIME - 1) yield;
    }
    for (let key = 0; key < 3 * DEPTHS; key++) starts[key + 1] += starts[key];
    for (let place = 0; place < count; place++) {
      const item = mixed[place];
      next[starts[keys[item]]++] = item;
      if (place % AT_A_TIME === AT_A_TIME - 1) yield;
    }
    this.next = points.order;
    points.order = next;
    this.work = undefined;
  }
}
