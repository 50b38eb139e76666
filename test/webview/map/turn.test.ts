import { describe, expect, it } from 'vitest';
import { Camera } from '../../../src/webview/map/camera';
import { after, between, HOME, turnBy, type Turn } from '../../../src/webview/map/turn';

type Vector = readonly [number, number, number];

/** q v q* by the definition of the quaternions' product. */
function rotated([x, y, z, w]: Turn, v: Vector): number[] {
  const product = (a: readonly number[], b: readonly number[]): number[] => [
    a[3] * b[0] + a[0] * b[3] + a[1] * b[2] - a[2] * b[1],
    a[3] * b[1] - a[0] * b[2] + a[1] * b[3] + a[2] * b[0],
    a[3] * b[2] + a[0] * b[1] - a[1] * b[0] + a[2] * b[3],
    a[3] * b[3] - a[0] * b[0] - a[1] * b[1] - a[2] * b[2],
  ];
  return product(product([x, y, z, w], [...v, 0]), [-x, -y, -z, w]).slice(0, 3);
}

const close = (found: readonly number[], wanted: readonly number[]): void =>
  wanted.forEach((value, i) => expect(found[i]).toBeCloseTo(value, 6));

describe('a turn', () => {
  it('takes what is in front to the right, and downwards', () => {
    close(rotated(turnBy(Math.PI / 2, 0), [0, 0, 1]), [1, 0, 0]);
    close(rotated(turnBy(0, Math.PI / 2), [0, 0, 1]), [0, 1, 0]);
    close(rotated(turnBy(0.3, 0), [0, 1, 0]), [0, 1, 0]);
    close(rotated(turnBy(0, 0.3), [1, 0, 0]), [1, 0, 0]);
  });

  it('comes after another', () => {
    const [first, next] = [turnBy(0.7, -1.1), turnBy(-0.4, 2)];
    const v: Vector = [0.3, -0.5, 0.8];
    close(rotated(after(next, first), v), rotated(next, rotated(first, v) as unknown as Vector));
  });

  it('goes the shortest way to another at an even pace, and stays of length 1', () => {
    const [from, to] = [HOME, turnBy(1.2, 0.4)];
    close(between(from, to, 0), from);
    close(between(from, to, 1), to);
    const halves = after(turnBy(0, 0), between(from, to, 0.5));
    close(between(halves, to, 0.5), between(from, to, 0.75));
    const far = to.map((value) => -value) as unknown as Turn; // The same turn.
    close(rotated(between(from, far, 0.5), [1, 2, 3]), rotated(between(from, to, 0.5), [1, 2, 3]));
    expect(Math.hypot(...between(from, to, 0.3))).toBeCloseTo(1, 12);
    close(between(from, from, 0.5), from);
  });
});

describe('Camera', () => {
  it('turns, and then sees in perspective from four radii away', () => {
    const camera = new Camera();
    const turn = turnBy(0.9, -0.4);
    camera.lookAt(1.5, turn);
    const places: Vector[] = [
      [1, 0, 0],
      [0.2, -0.7, 0.5],
      [-0.4, 0.1, -1.2],
    ];
    for (const v of places) {
      const [x, y, z] = rotated(turn, v);
      const scale = 6 / (6 - z);
      close([camera.depth(...v), camera.seenX(...v), camera.seenY(...v)], [z, x * scale, y * scale]);
      close([camera.scaleAt(camera.depth(...v))], [scale]);
    }
    const [x, y] = [0.3, -0.6];
    const place = camera.placeAt(x, y);
    close([camera.seenX(...place), camera.seenY(...place), camera.depth(...place)], [x, y, 0]);
  });

  it('leaves a flat map as it is', () => {
    const camera = new Camera();
    camera.lookAt(2, turnBy(1, 1));
    camera.lookFlat();
    expect([camera.seenX(0.3, -0.4, 0), camera.seenY(0.3, -0.4, 0), camera.scaleAt(0)]).toEqual([0.3, -0.4, 1]);
  });
});
