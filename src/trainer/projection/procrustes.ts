import type { MapDims } from '../types/embedding';
import { symmetricEigen } from './symmetricEigen';

/** Directions along which less than this share of the largest agreement is left count as none: what is there is rounding. */
const NONE = 1e-7;

/**
 * Positions turned, and mirrored where that helps, so that they lie as near to others of the same items as can be (least squares;
 * Schoenemann 1966). Distances between them stay as they are.
 * @param positions, target `dims` numbers of each item in turn
 * @returns centred at 0
 */
export function turnedTo(positions: ArrayLike<number>, target: ArrayLike<number>, dims: MapDims = 2): Float64Array {
  const from = centred(positions, dims);
  const to = centred(target, dims);
  if (dims === 2) turnInPlane(from, to);
  else turnInSpace(from, to);
  return from;
}

function turnInPlane(from: Float64Array, to: Float64Array): void {
  // Twice the angle's cosine and sine: of the turn alone, and of the turn after y was mirrored.
  let [cosine, sine, mirroredCosine, mirroredSine] = [0, 0, 0, 0];
  for (let i = 0; i < from.length; i += 2) {
    const [x, y, u, v] = [from[i], from[i + 1], to[i], to[i + 1]];
    cosine += x * u + y * v;
    sine += x * v - y * u;
    mirroredCosine += x * u - y * v;
    mirroredSine += x * v + y * u;
  }
  const mirrored = Math.hypot(mirroredCosine, mirroredSine) > Math.hypot(cosine, sine);
  const angle = mirrored ? Math.atan2(mirroredSine, mirroredCosine) : Math.atan2(sine, cosine);
  const [c, s, side] = [Math.cos(angle), Math.sin(angle), mirrored ? -1 : 1];
  for (let i = 0; i < from.length; i += 2) {
    const [x, y] = [from[i], side * from[i + 1]];
    from[i] = c * x - s * y;
    from[i + 1] = s * x + c * y;
  }
}

/** The rotation is U V' of the singular value decomposition U S V' of the sum of from' to over all items. */
function turnInSpace(from: Float64Array, to: Float64Array): void {
  const agreement = [0, 1, 2].map(() => [0, 0, 0]);
  for (let i = 0; i < from.length; i += 3)
    for (let a = 0; a < 3; a++) for (let b = 0; b < 3; b++) agreement[a][b] += from[i + a] * to[i + b];
  const { left, right } = singularVectors(agreement);
  const turn = left[0].map((_, a) => right[0].map((__, b) => sum3((k) => left[k][a] * right[k][b])));
  for (let i = 0; i < from.length; i += 3) {
    const [x, y, z] = [from[i], from[i + 1], from[i + 2]];
    for (let b = 0; b < 3; b++) from[i + b] = x * turn[0][b] + y * turn[1][b] + z * turn[2][b];
  }
}

/** Left and right singular vectors of a 3 x 3 matrix; those of singular values 0 fill up to a frame of orthogonal directions. */
function singularVectors(matrix: readonly (readonly number[])[]): {
  readonly left: readonly (readonly number[])[];
  readonly right: readonly (readonly number[])[];
} {
  const gram = matrix.map((_, a) => matrix.map((__, b) => sum3((k) => matrix[k][a] * matrix[k][b])));
  const { values, vectors: right } = symmetricEigen(gram);
  const most = Math.sqrt(Math.max(values[0], 0));
  const left: number[][] = [];
  for (const vector of right) {
    const image = matrix.map((row) => sum3((k) => row[k] * vector[k]));
    const size = Math.hypot(...image);
    left.push(size > NONE * most ? unit(beside(image, left)) : anyBeside(left));
  }
  return { left, right };
}

/** What is left of a vector beside unit vectors that are orthogonal to each other. */
function beside(vector: readonly number[], others: readonly (readonly number[])[]): number[] {
  let rest = [...vector];
  for (const other of others) {
    const along = sum3((k) => rest[k] * other[k]);
    rest = rest.map((value, k) => value - along * other[k]);
  }
  return rest;
}

/** A unit vector orthogonal to others: of the three axes the one that lies farthest from them. */
function anyBeside(others: readonly (readonly number[])[]): number[] {
  const rests = [0, 1, 2].map((axis) =>
    beside(
      [0, 1, 2].map((k) => (k === axis ? 1 : 0)),
      others,
    ),
  );
  return unit(rests.reduce((best, rest) => (Math.hypot(...rest) > Math.hypot(...best) + 1e-9 ? rest : best)));
}

function unit(vector: readonly number[]): number[] {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

function sum3(term: (k: number) => number): number {
  return term(0) + term(1) + term(2);
}

function centred(positions: ArrayLike<number>, dims: MapDims): Float64Array {
  const result = Float64Array.from(positions);
  const items = result.length / dims;
  for (let axis = 0; axis < dims; axis++) {
    let mean = 0;
    for (let i = axis; i < result.length; i += dims) mean += result[i] / items;
    for (let i = axis; i < result.length; i += dims) result[i] -= mean;
  }
  return result;
}
