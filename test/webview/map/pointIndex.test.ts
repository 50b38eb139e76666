import { describe, expect, it } from 'vitest';
import { PointIndex, pointTowards } from '../../../src/webview/map/pointIndex';
import { PointSet } from '../../../src/webview/map/pointSet';
import type { ScatterProps } from '../../../src/webview/map/props';

/** Points on a curve that fills the square evenly (Weyl sequences), with many close neighbours. */
function cloud(count: number): PointSet {
  const points = new PointSet();
  const at = (i: number, step: number): number => 2 * ((i * step) % 1) - 1;
  points.moveTo(
    Float32Array.from({ length: 2 * count }, (_, i) => at(i >> 1, i % 2 ? 0.7548776662 : 0.569840291)),
    false,
  );
  return points;
}

describe('PointIndex.nearest', () => {
  it('agrees with a search through all points', () => {
    const points = cloud(500);
    const index = new PointIndex(points);
    for (let i = 0; i < 200; i++) {
      const [x, y] = [Math.sin(i * 1.7) * 1.1, Math.cos(i * 2.3) * 1.1];
      let best = -1;
      let bestDistance = 0.05;
      for (let item = 0; item < points.count; item++) {
        const distance = Math.hypot(points.current[2 * item] - x, points.current[2 * item + 1] - y);
        if (distance <= bestDistance) [best, bestDistance] = [item, distance];
      }
      expect(index.nearest(x, y, 0.05)).toBe(best);
    }
  });

  it('sees where the points have gone after they have moved', () => {
    const points = new PointSet();
    const index = new PointIndex(points);
    points.moveTo(Float32Array.of(-1, -1, 1, 1), false);
    expect(index.nearest(1, 1, 0.1)).toBe(1);
    points.moveTo(Float32Array.of(1, 1, -1, -1), false);
    index.invalidate();
    expect(index.nearest(1, 1, 0.1)).toBe(0);
  });

  it('prefers a point that stands out to a nearer one that stands back', () => {
    const points = new PointSet();
    points.moveTo(Float32Array.of(-1, -1, 1, 1, 0, 0, 0.02, 0), false);
    const colours = { codes: new Int32Array(4), colours: [], missingColour: { r: 0, g: 0, b: 0, a: 1 } };
    points.dress({ ...colours, dimmed: Uint8Array.of(0, 0, 1, 0) } as unknown as ScatterProps);
    const index = new PointIndex(points);
    expect(index.nearest(0.001, 0, 0.1)).toBe(3);
    expect(index.nearest(-0.09, 0, 0.1)).toBe(2);
  });
});

describe('pointTowards', () => {
  it('takes the near point in the direction, and stays when there is none', () => {
    const points = new PointSet();
    points.moveTo(Float32Array.of(0, 0, 1, 0.1, 2, 0, 0, 2, -2, -2), false);
    expect(pointTowards(points, 0, 1, 0)).toBe(1);
    expect(pointTowards(points, 0, 0, 1)).toBe(3);
    expect(pointTowards(points, 4, -1, 0)).toBe(4);
  });
});
