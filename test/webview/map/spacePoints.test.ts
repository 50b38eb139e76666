import { describe, expect, it } from 'vitest';
import { DepthOrder } from '../../../src/webview/map/depthOrder';
import { PointIndex } from '../../../src/webview/map/pointIndex';
import { PointSet } from '../../../src/webview/map/pointSet';
import { contains, pointsInside } from '../../../src/webview/map/polygon';
import type { ScatterProps } from '../../../src/webview/map/props';
import { HOME, turnBy } from '../../../src/webview/map/turn';

const black = { r: 0, g: 0, b: 0, a: 1 };

/** Points that fill a cube evenly (Weyl sequences), seen from somewhere. */
function cloud(count: number, turn = turnBy(0.8, -0.5)): PointSet {
  const points = new PointSet();
  const steps = [0.8191725134, 0.6710436067, 0.5497004779];
  const positions = Float32Array.from({ length: 3 * count }, (_, i) => {
    const step = Math.floor(i / 3) * steps[i % 3];
    return 2 * (step - Math.floor(step)) - 1;
  });
  points.moveTo(positions, false, 3);
  points.turnTo(turn);
  return points;
}

function dress(points: PointSet, change: Partial<ScatterProps>): void {
  const codes = new Int32Array(points.count);
  points.dress({ codes, colours: [], missingColour: black, ...change } as unknown as ScatterProps);
}

function sorted(order: DepthOrder): void {
  order.invalidate();
  while (order.busy) order.run(performance.now() + 100);
}

describe('PointSet in space', () => {
  it('centres the points, scales the longest side to -1 .. 1, and leaves room for every turn', () => {
    const points = new PointSet();
    points.moveTo(Float32Array.of(0, 0, 0, 10, 5, 20, 5, 5, 10), false, 3);
    expect([...points.world]).toEqual(
      [-0.5, -0.5, -1, 0.5, 0.5, 1, 0, 0.5, 0].map((value, i) => (i % 3 === 1 ? value / 2 : value)),
    );
    expect(points.box).toEqual([0.5, 0.25, 1]);
    for (const right of [0, 0.5, 1, 2]) {
      points.turnTo(turnBy(right, right * 1.3));
      for (let item = 0; item < 3; item++)
        expect(Math.max(Math.abs(points.x(item)), Math.abs(points.y(item)))).toBeLessThanOrEqual(points.extentX + 1e-6);
    }
  });

  it('is in the middle with one item, or all in one place', () => {
    const points = new PointSet();
    points.moveTo(Float32Array.of(3, 4, 5, 3, 4, 5), false, 3);
    points.turnTo(HOME);
    points.flatten();
    expect([...points.current].map(Math.abs)).toEqual([0, 0, 0, 0]);
    points.moveTo(new Float32Array(0), false, 3);
    expect(points.count).toBe(0);
  });

  it('sees all at once as it sees each, also after it was turned or the points have moved', () => {
    const points = cloud(200);
    const check = (): void => {
      points.flatten();
      for (let item = 0; item < points.count; item++) {
        expect(points.current[2 * item]).toBeCloseTo(points.x(item), 5);
        expect(points.current[2 * item + 1]).toBeCloseTo(points.y(item), 5);
      }
    };
    check();
    points.turnTo(turnBy(-2, 0.1));
    check();
    points.moveTo(
      cloud(200).world.map((value, i) => (i % 3 === 0 ? value ** 3 : value)),
      true,
      3,
    );
    points.advance(0.4);
    check();
  });

  it('becomes flat again', () => {
    const points = cloud(3);
    points.moveTo(Float32Array.of(-1, -1, 1, 1, 0, 0), false, 2);
    expect([...points.current]).toEqual([-1, -1, 1, 1, 0, 0]);
    expect([points.x(0), points.y(1), points.depth(1), points.scale(1)]).toEqual([-1, 1, 0, 1]);
  });
});

describe('DepthOrder', () => {
  it('paints the far before the near, those that stand back first and the selected last', () => {
    const points = cloud(5000);
    const dimmed = Uint8Array.from({ length: 5000 }, (_, i) => (i % 7 === 0 ? 1 : 0));
    dress(points, { dimmed });
    sorted(new DepthOrder(points));
    expect([...points.order].sort((a, b) => a - b)).toEqual(Array.from({ length: 5000 }, (_, i) => i));
    const step = (2 * points.camera.radius) / 4000;
    for (let place = 1; place < 5000; place++) {
      const [before, now] = [points.order[place - 1], points.order[place]];
      expect(points.standings[before]).toBeLessThanOrEqual(points.standings[now]);
      if (points.standings[before] === points.standings[now])
        expect(points.depth(before)).toBeLessThan(points.depth(now) + step);
    }
  });

  it('takes as many slices as it needs, and starts again after a turn', () => {
    const points = cloud(60_000);
    dress(points, {});
    const order = new DepthOrder(points);
    order.invalidate();
    let slices = 0;
    while (!order.run(0)) slices++;
    expect(slices).toBeGreaterThan(3);
    const before = points.order;
    points.turnTo(turnBy(2, 0));
    order.invalidate();
    expect(order.run(Infinity)).toBe(true);
    expect(order.busy).toBe(false);
    expect(points.order).not.toBe(before);
    expect(points.depth(points.order[0])).toBeLessThan(points.depth(points.order[59_999]));
  });
});

describe('PointIndex in space', () => {
  it('takes the foremost of the points whose discs are over the place, otherwise the nearest', () => {
    const points = cloud(3000);
    dress(points, {});
    const index = new PointIndex(points);
    const [radius, size] = [0.06, 0.04];
    let foremost = 0;
    for (let i = 0; i < 300; i++) {
      const [x, y] = [Math.sin(i * 1.7) * 1.1, Math.cos(i * 2.3) * 1.1];
      const all = Array.from({ length: 3000 }, (_, item) => {
        return { item, away: Math.hypot(points.x(item) - x, points.y(item) - y), depth: points.depth(item) };
      });
      const over = all.filter(({ item, away }) => away <= size * points.scale(item)).sort((a, b) => b.depth - a.depth);
      const near = all.filter(({ away }) => away <= radius).sort((a, b) => a.away - b.away);
      expect(index.nearest(x, y, radius, size)).toBe((over.at(0) ?? near.at(0))?.item ?? -1);
      if (over.length > 1 && over[0].item !== near[0].item) foremost++;
    }
    expect(foremost).toBeGreaterThan(20);
  });

  it('follows a turn, and can be made ahead', () => {
    const points = cloud(2000);
    dress(points, {});
    const index = new PointIndex(points);
    expect(index.prepare(performance.now() - 1)).toBe(false);
    while (!index.prepare(performance.now() + 1));
    points.turnTo(turnBy(-1, 0.7));
    index.invalidate();
    for (let item = 0; item < 2000; item += 97) expect(index.nearest(points.x(item), points.y(item), 1e-6)).toBe(item);
  });
});

describe('pointsInside in space', () => {
  it('takes what is seen inside, near and far', () => {
    const points = cloud(1000);
    const polygon = [-0.5, -0.4, 0.6, -0.3, 0.1, 0.7];
    const expected = Array.from({ length: 1000 }, (_, item) => item).filter((item) =>
      contains(polygon, points.x(item), points.y(item)),
    );
    const found = [...pointsInside(points, polygon)];
    expect(found).toEqual(expected);
    const depths = found.map((item) => points.depth(item));
    expect(Math.max(...depths) - Math.min(...depths)).toBeGreaterThan(1.5);
  });
});
