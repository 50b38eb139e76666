import { cosineDistance } from '../neighbours/cosine';

/** Row-major points: of an embedding (L2-normalised rows) or of a map. */
export interface Points {
  readonly data: Float32Array;
  readonly rows: number;
  readonly dims: number;
}

/** A set of items with a distance between any two. */
export interface Space {
  readonly count: number;
  /** At least 0; what counts is the order only. */
  readonly distance: (a: number, b: number) => number;
}

/** Cosine distances of L2-normalised rows, as the neighbours have them. */
export function cosineSpace({ data, rows, dims }: Points): Space {
  const whole = dims - (dims % 4);
  return {
    count: rows,
    distance: (i, j) => {
      const a = i * dims;
      const b = j * dims;
      // Four sums, which the processor can work on side by side.
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      for (let d = 0; d < whole; d += 4) {
        s0 += data[a + d] * data[b + d];
        s1 += data[a + d + 1] * data[b + d + 1];
        s2 += data[a + d + 2] * data[b + d + 2];
        s3 += data[a + d + 3] * data[b + d + 3];
      }
      for (let d = whole; d < dims; d++) s0 += data[a + d] * data[b + d];
      return cosineDistance(s0 + s1 + s2 + s3);
    },
  };
}

/** Squared Euclidean distances, which have the order of the distances. */
export function mapSpace({ data, rows, dims }: Points): Space {
  return {
    count: rows,
    distance: (i, j) => {
      let sum = 0;
      for (let d = 0; d < dims; d++) sum += (data[i * dims + d] - data[j * dims + d]) ** 2;
      return sum;
    },
  };
}
