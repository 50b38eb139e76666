import type { PointSet } from './pointSet';

/** Corners, x and y in turn. */
export type Polygon = readonly number[];

/** The points seen inside a closed polygon on the plane of the screen, in world coordinates (even-odd rule), ascending; near and far ones. */
export function pointsInside(points: PointSet, polygon: Polygon): Int32Array {
  points.flatten();
  const found: number[] = [];
  const [left, top, right, bottom] = bounds(polygon);
  for (let item = 0; item < points.count; item++) {
    const x = points.current[2 * item];
    const y = points.current[2 * item + 1];
    if (x < left || x > right || y < top || y > bottom) continue;
    if (contains(polygon, x, y)) found.push(item);
  }
  return Int32Array.from(found);
}

/** Even-odd rule: a ray to the right crosses an odd number of sides. */
export function contains(polygon: Polygon, x: number, y: number): boolean {
  let inside = false;
  for (let i = 0, j = polygon.length - 2; i < polygon.length; j = i, i += 2) {
    const yi = polygon[i + 1];
    const yj = polygon[j + 1];
    if (yi > y === yj > y) continue;
    const crossing = ((polygon[j] - polygon[i]) * (y - yi)) / (yj - yi) + polygon[i];
    if (x < crossing) inside = !inside;
  }
  return inside;
}

function bounds(polygon: Polygon): [number, number, number, number] {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < polygon.length; i += 2) {
    left = Math.min(left, polygon[i]);
    right = Math.max(right, polygon[i]);
    top = Math.min(top, polygon[i + 1]);
    bottom = Math.max(bottom, polygon[i + 1]);
  }
  return [left, top, right, bottom];
}
