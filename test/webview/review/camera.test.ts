import { describe, expect, it } from 'vitest';
import { FITTED, fittedSize, panBy, placement, zoomAt } from '../../../src/webview/review/camera';

const box = { width: 400, height: 300 };

describe('the camera', () => {
  it('fits tall, wide and small pictures in the box', () => {
    expect(fittedSize({ width: 10, height: 1000 }, box)).toEqual({ width: 3, height: 300 });
    expect(fittedSize({ width: 20_000, height: 10 }, box).width).toBeCloseTo(400);
    expect(fittedSize({ width: 64, height: 64 }, box)).toEqual({ width: 300, height: 300 });
  });

  it('keeps what is under the pointer there while zooming', () => {
    const picture = { width: 800, height: 600 };
    const at = { x: 100, y: 60 };
    let camera = FITTED;
    const before = pointUnder(camera, picture, at);
    for (let i = 0; i < 5; i++) camera = zoomAt(camera, 1.4, at, picture, box);
    const after = pointUnder(camera, picture, at);
    expect(after.x).toBeCloseTo(before.x);
    expect(after.y).toBeCloseTo(before.y);
    expect(camera.scale).toBeCloseTo(1.4 ** 5);
  });

  it('shows the same place of pictures of different sizes', () => {
    const camera = zoomAt(FITTED, 4, { x: 50, y: 50 }, { width: 800, height: 600 }, box);
    const large = pointUnder(camera, { width: 800, height: 600 }, { x: 200, y: 150 });
    const small = pointUnder(camera, { width: 80, height: 60 }, { x: 200, y: 150 });
    expect(small.x).toBeCloseTo(large.x);
    expect(small.y).toBeCloseTo(large.y);
  });

  it('never shows beyond the edge, nor smaller than fitted', () => {
    const picture = { width: 800, height: 600 };
    const zoomed = zoomAt(FITTED, 2, { x: 200, y: 150 }, picture, box);
    const { left, top } = placement(panBy(zoomed, 5000, 5000, picture, box), picture, box);
    expect(left).toBeCloseTo(0);
    expect(top).toBeCloseTo(0);
    expect(zoomAt(FITTED, 0.1, { x: 0, y: 0 }, picture, box)).toEqual(FITTED);
  });
});

function pointUnder(
  camera: typeof FITTED,
  picture: { width: number; height: number },
  at: { x: number; y: number },
): { x: number; y: number } {
  const { left, top, width, height } = placement(camera, picture, box);
  return { x: (at.x - left) / width, y: (at.y - top) / height };
}
