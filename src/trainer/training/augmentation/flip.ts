import type { Random } from '../../random';
import type { Affine } from './affine';

/** Left and right change places in half of the pictures. */
export function drawFlip(allowed: boolean, random: Random): Affine {
  const mirrored = random.next() < 0.5 && allowed;
  return [mirrored ? -1 : 1, 0, 0, 0, 1, 0];
}
