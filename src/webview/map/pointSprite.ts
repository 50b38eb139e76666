import { DIMMED, SELECTED } from './pointSet';

/** A point as a small square of pixels, the same disc as the fragment shader draws. */
export interface PointSprite {
  /** Pixels from the middle to the border of the square. */
  readonly reach: number;
  /** Pixels of a side: `2 * reach + 1`. */
  readonly side: number;
  /** How much of each pixel the disc covers, 0 to 1. */
  readonly cover: Float32Array;
  /** How much of each pixel is rim, 0 to 1. */
  readonly edge: Float32Array;
}

/** The sprite of a point of a standing; `radius` of a usual point, in device pixels. */
export function pointSprite(radius: number, standing: number, pixelRatio: number): PointSprite {
  const selected = standing === SELECTED;
  const size = radius * (standing === DIMMED ? 0.85 : selected ? 1.3 : 1);
  const rim = selected ? 1 : size > 2.5 * pixelRatio ? 0.45 : 0;
  const reach = Math.ceil(size + 0.5);
  const side = 2 * reach + 1;
  const cover = new Float32Array(side * side);
  const edge = new Float32Array(side * side);
  for (let y = -reach; y <= reach; y++) {
    for (let x = -reach; x <= reach; x++) {
      const distance = Math.hypot(x, y);
      const at = (y + reach) * side + x + reach;
      cover[at] = Math.min(1, Math.max(0, size - distance + 0.5));
      edge[at] = rim * smoothStep(size - 1.5 * pixelRatio, size - 0.5 * pixelRatio, distance);
    }
  }
  return { reach, side, cover, edge };
}

/** As in GLSL: 0 below `low`, 1 above `high`, smooth in between. */
function smoothStep(low: number, high: number, value: number): number {
  const share = Math.min(1, Math.max(0, (value - low) / (high - low)));
  return share * share * (3 - 2 * share);
}
