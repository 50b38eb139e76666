import type { MapDims } from '../types/embedding';

/**
 * Positions as they are shown and stored: `dims` numbers an item in turn, the middle of their bounding box at 0 and its longest side
 * from -1 to 1. Points that are all in one place are at 0.
 *
 * @param positions x, y (and z) in turn, all finite
 */
export function toFrame(positions: ArrayLike<number>, dims: MapDims = 2): Float32Array {
  const { centre, half } = framing(positions, dims);
  const scale = half > 0 ? 1 / half : 0;
  return Float32Array.from(positions, (value, i) => (value - centre[i % dims]) * scale);
}

/** What `toFrame` puts in the middle, and which length becomes 1. */
export function framing(
  positions: ArrayLike<number>,
  dims: MapDims,
): { readonly centre: readonly number[]; readonly half: number } {
  const sides = Array.from({ length: dims }, (_, axis) => extent(positions, axis, dims));
  return {
    centre: sides.map(([least, greatest]) => (least + greatest) / 2),
    half: Math.max(...sides.map(([least, greatest]) => greatest - least)) / 2,
  };
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
