import { leadingEigen } from './leadingEigen';
import { type LinearMap, mapOnto } from './map';
import type { Moments } from './moments';

/** Directions with less than this share of the largest variance are rounding. */
const SMALLEST_SHARE = 1e-7;

/** The principal axes (Pearson 1901): the `size` directions of largest variance, as they are. */
export function pca(moments: Moments, size: number): LinearMap {
  return alongAxes(moments, size, () => 1);
}

/** PCA whitening: along the principal axes, each divided by its standard deviation, so that the covariance is the identity. */
export function whitening(moments: Moments, size: number): LinearMap {
  return alongAxes(moments, size, (variance) => 1 / Math.sqrt(variance));
}

function alongAxes({ covariance, dims, mean }: Moments, size: number, scale: (variance: number) => number): LinearMap {
  const { values, vectors } = leadingEigen(covariance, dims, size);
  const directions = vectors.map((x, i) => {
    const variance = values[Math.floor(i / dims)];
    return variance > values[0] * SMALLEST_SHARE ? x * scale(variance) : 0;
  });
  return mapOnto(directions, mean, size);
}
