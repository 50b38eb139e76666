import type { MapDims } from '../types/embedding';

/**
 * Positions as they are shown and stored: `dims` numbers an item in turn, the middle of their bounding box at 0 and its longest side
 * from -1 to 1. Points that are all in one place are at 0.
 *
 * @param positions x, y (and z) in turn, all finite
 */
export function toFrame(positions: ArrayLike<number>, dims: MapDims = 2): Float32Array {
  const sides = Array.from({ length: dims }, (_, axis) => extent(positions, axis, dims));
  const half = Math.max(...sides.map(([low, high]) => high - low)) / 2;
  const scale = half > 0 ? 1 / half : 0;
  const framed = new Float32Array(positions.length);
  sides.forEach(([low, high], axis) => {
    const middle = (low + high) / 2;
    for (let i = axis; i < positions.length; i += dims) framed[i] = (positions[i] - middle) * scale;
  });
  return framed;
}

/** Least and greatest of the positions along an axis; 0 and 0 when there are none. */
export function extent(positions: ArrayLike<number>, axis: number, dims: MapDims): [number, number] {
  if (positions.length === 0) return [0, 0];
  let least = Infinity;
  let greatest = -Infinity;
  for (let i = axis; i < positions.length; i += dims) {
    if (positions[i] < least) least = positions[i];
    if (positions[i] > greatest) greatest = positions[i];
  }
  return [least, greatest];
}
