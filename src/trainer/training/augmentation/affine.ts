/**
 * Where an output pixel is looked up in the picture. Coordinates are shares of the side with the origin in the middle: -0.5 is the
 * left or upper border, 0.5 the right or lower one. `[a, b, c, d, e, f]` takes (x, y) to (a x + b y + c, d x + e y + f).
 */
export type Affine = readonly [number, number, number, number, number, number];

/** First `first`, then `second`. */
export function compose(first: Affine, second: Affine): Affine {
  const [a, b, c, d, e, f] = second;
  const [g, h, i, j, k, l] = first;
  return [a * g + b * j, a * h + b * k, a * i + b * l + c, d * g + e * j, d * h + e * k, d * i + e * l + f];
}
