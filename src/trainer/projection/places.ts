import type { Kernels } from '../kernels/kernels';
import type { MapDims } from '../types/embedding';

/**
 * Copies positions into the kernels' memory, where each takes four f32: x, y, z (0 in the plane) and one that is not used.
 * @param positions `dims` numbers an item
 * @returns the address
 */
export function loadPlaces({ memory }: Kernels, positions: ArrayLike<number>, dims: MapDims): number {
  const items = positions.length / dims;
  const at = memory.zeros(16 * items);
  const places = memory.floats(at, 4 * items);
  for (let item = 0; item < items; item++)
    for (let axis = 0; axis < dims; axis++) places[4 * item + axis] = positions[dims * item + axis];
  return at;
}

/** `dims` numbers an item. */
export function readPlaces({ memory }: Kernels, at: number, items: number, dims: MapDims): Float64Array {
  const places = memory.floats(at, 4 * items);
  const positions = new Float64Array(dims * items);
  for (let item = 0; item < items; item++)
    for (let axis = 0; axis < dims; axis++) positions[dims * item + axis] = places[4 * item + axis];
  return positions;
}
