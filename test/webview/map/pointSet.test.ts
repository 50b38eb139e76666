import { describe, expect, it } from 'vitest';
import { DIMMED, NORMAL, PointSet, SELECTED } from '../../../src/webview/map/pointSet';
import type { ScatterProps } from '../../../src/webview/map/props';

const red = { r: 255, g: 0, b: 0, a: 1 };
const grey = { r: 9, g: 9, b: 9, a: 1 };

function props(change: Partial<ScatterProps>): ScatterProps {
  const base = { positions: new Float32Array(), codes: Int32Array.of(0, -1, 0), colours: [red], missingColour: grey };
  return { ...base, ...change } as ScatterProps;
}

describe('PointSet', () => {
  it('centres the points and scales the longest side to -1 .. 1', () => {
    const points = new PointSet();
    points.moveTo(Float32Array.of(10, 10, 30, 20, 20, 15), false);
    expect([...points.current]).toEqual([-1, -0.5, 1, 0.5, 0, 0]);
    expect([points.extentX, points.extentY]).toEqual([1, 0.5]);
  });

  it('puts points that are not finite, or all in one place, in the middle', () => {
    const points = new PointSet();
    points.moveTo(Float32Array.of(0, 0, Number.NaN, 1, 2, 2), false);
    expect([...points.current].every(Number.isFinite)).toBe(true);
    points.moveTo(Float32Array.of(5, 5, 5, 5, 5, 5), false);
    expect([...points.current]).toEqual([0, 0, 0, 0, 0, 0]);
    points.moveTo(new Float32Array(0), false);
    expect(points.count).toBe(0);
  });

  it('goes from where the points are to where they shall be', () => {
    const points = new PointSet();
    points.moveTo(Float32Array.of(-1, -1, 1, 1), false);
    points.moveTo(Float32Array.of(1, -1, -1, 1), true);
    expect([...points.current]).toEqual([-1, -1, 1, 1]);
    points.advance(0.5);
    const [x] = points.current;
    expect(x).toBeGreaterThan(-1);
    expect(x).toBeLessThan(1);
    points.moveTo(Float32Array.of(-1, -1, 1, 1), true);
    expect(points.current[0]).toBe(x);
    points.advance(2);
    expect([...points.current]).toEqual([-1, -1, 1, 1]);
  });

  it('dims what is not selected and paints the selection last', () => {
    const points = new PointSet();
    points.moveTo(Float32Array.of(0, 0, 1, 1, 2, 2), false);
    points.dress(props({ dimmed: Uint8Array.of(0, 1, 0) }));
    expect([...points.standings]).toEqual([NORMAL, DIMMED, NORMAL]);
    expect(points.order[0]).toBe(1);
    points.dress(props({ selected: new Set([1]) }));
    expect([...points.standings]).toEqual([DIMMED, SELECTED, DIMMED]);
    expect(points.order[2]).toBe(1);
    expect([...points.colours.subarray(0, 8)]).toEqual([255, 0, 0, 255, 9, 9, 9, 255]);
    expect([...points.order].sort()).toEqual([0, 1, 2]);
  });
});
