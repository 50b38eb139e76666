/**
 * Positions as they are shown and stored: x and y in turn, the middle of their bounding box at 0 and its longer side from -1
 * to 1. Points that are all in one place are at 0.
 *
 * @param positions x and y in turn, all finite
 */
export function toFrame(positions: ArrayLike<number>): Float32Array {
  const [left, right] = extent(positions, 0);
  const [low, high] = extent(positions, 1);
  const half = Math.max(right - left, high - low) / 2;
  const scale = half > 0 ? 1 / half : 0;
  const framed = new Float32Array(positions.length);
  for (let i = 0; i < positions.length; i += 2) {
    framed[i] = (positions[i] - (left + right) / 2) * scale;
    framed[i + 1] = (positions[i + 1] - (low + high) / 2) * scale;
  }
  return framed;
}

/** Least and greatest of every other number from `start`; 0 and 0 when there are none. */
export function extent(positions: ArrayLike<number>, start: 0 | 1): [number, number] {
  if (positions.length === 0) return [0, 0];
  let least = Infinity;
  let greatest = -Infinity;
  for (let i = start; i < positions.length; i += 2) {
    if (positions[i] < least) least = positions[i];
    if (positions[i] > greatest) greatest = positions[i];
  }
  return [least, greatest];
}
