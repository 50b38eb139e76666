import { describe, expect, it } from 'vitest';
import { PointSet } from '../../../src/webview/map/pointSet';
import { contains, pointsInside } from '../../../src/webview/map/polygon';

/** Even-odd rule by winding over every side with exact arithmetic on small whole numbers. */
function insideByAngle(polygon: readonly number[], x: number, y: number): boolean {
  let turns = 0;
  for (let i = 0; i < polygon.length; i += 2) {
    const j = (i + 2) % polygon.length;
    const a = Math.atan2(polygon[i + 1] - y, polygon[i] - x);
    const b = Math.atan2(polygon[j + 1] - y, polygon[j] - x);
    let turn = b - a;
    if (turn > Math.PI) turn -= 2 * Math.PI;
    if (turn < -Math.PI) turn += 2 * Math.PI;
    turns += turn;
  }
  return Math.abs(turns) > Math.PI;
}

describe('contains', () => {
  it('agrees with the turning angle for a concave polygon', () => {
    const polygon = [0, 0, 10, 0, 10, 10, 5, 3, 0, 10];
    for (let x = -0.75; x < 11; x += 0.5) {
      for (let y = -0.73; y < 11; y += 0.5) {
        expect(contains(polygon, x, y), `${x}, ${y}`).toBe(insideByAngle(polygon, x, y));
      }
    }
  });

  it('leaves a hole where a lasso crosses itself twice', () => {
    const loop = [0, 0, 9, 0, 9, 9, 0, 9, 0, 0, 3, 3, 6, 3, 6, 6, 3, 6, 3, 3];
    expect(contains(loop, 1.5, 1)).toBe(true);
    expect(contains(loop, 4.5, 4.5)).toBe(false);
  });
});

describe('pointsInside', () => {
  it('gives items in ascending order', () => {
    const points = new PointSet();
    points.moveTo(Float32Array.of(-1, -1, 1, 1, 0, 0, 0.2, 0.1), false);
    expect([...pointsInside(points, [-0.5, -0.5, 0.5, -0.5, 0.5, 0.5, -0.5, 0.5])]).toEqual([2, 3]);
    expect([...pointsInside(points, [])]).toEqual([]);
  });
});
