import { quadtree, type Quadtree, type QuadtreeInternalNode, type QuadtreeLeaf } from 'd3';
import { DIMMED, type PointSet } from './pointSet';

type TreeNode = QuadtreeInternalNode<number> | QuadtreeLeaf<number>;

/** Finds points by place. The tree is built when it is first asked after the points have moved. */
export class PointIndex {
  private tree: Quadtree<number> | undefined;

  constructor(private readonly points: PointSet) {}

  /** The points have moved. */
  invalidate(): void {
    this.tree = undefined;
  }

  /**
   * The point nearest to (x, y) within `radius`, all in world coordinates, or -1. A point that stands back is only taken when none that
   * does not is within half as far again.
   */
  nearest(x: number, y: number, radius: number): number {
    let best = -1;
    let bestScore = radius;
    this.visit(x, y, radius, (item, distance) => {
      const score = this.points.standings[item] === DIMMED ? distance + radius / 2 : distance;
      if (distance > radius || (best >= 0 && score >= bestScore)) return;
      best = item;
      bestScore = score;
    });
    return best;
  }

  private visit(x: number, y: number, radius: number, take: (item: number, distance: number) => void): void {
    const { current } = this.points;
    this.built().visit((node, x0, y0, x1, y1) => {
      if (!isInternal(node)) {
        for (let leaf: QuadtreeLeaf<number> | undefined = node; leaf; leaf = leaf.next) {
          take(leaf.data, Math.hypot(current[2 * leaf.data] - x, current[2 * leaf.data + 1] - y));
        }
      }
      return x0 > x + radius || x1 < x - radius || y0 > y + radius || y1 < y - radius;
    });
  }

  private built(): Quadtree<number> {
    const { current, count } = this.points;
    this.tree ??= quadtree<number>(
      Array.from({ length: count }, (_, item) => item),
      (item) => current[2 * item],
      (item) => current[2 * item + 1],
    );
    return this.tree;
  }
}

function isInternal(node: TreeNode): node is QuadtreeInternalNode<number> {
  return Array.isArray(node);
}

/**
 * The point that lies best in the direction (dx, dy) from `item`, or `item` itself when there is none: near, and not far
 * off the direction. For walking through the map with the arrow keys.
 */
export function pointTowards(points: PointSet, item: number, dx: number, dy: number): number {
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
