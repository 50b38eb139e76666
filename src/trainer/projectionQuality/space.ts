import { cosineDistance, dotProduct } from '../neighbours/cosine';
import type { Matrix } from '../store/matrix';

/** A set of items with a distance between any two. */
export interface Space {
  readonly count: number;
  /** At least 0; what counts is the order only. */
  readonly distance: (a: number, b: number) => number;
}

/** Cosine distances of L2-normalised rows, as the neighbours have them. */
export function cosineSpace({ data, rows, dims }: Matrix): Space {
  return {
    count: rows,
    distance: (i, j) => cosineDistance(dotProduct(data, i * dims, j * dims, dims)),
  };
}

/** Squared Euclidean distances, which have the order of the distances. */
export function mapSpace({ data, rows, dims }: Matrix): Space {
  return {
    count: rows,
    distance: (i, j) => {
      let sum = 0;
      for (let d = 0; d < dims; d++) sum += (data[i * dims + d] - data[j * dims + d]) ** 2;
      return sum;
    },
  };
}
