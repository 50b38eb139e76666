import type { Random } from '../../random';
import type { Affine } from './affine';

/**
 * Makes what is in the picture larger or smaller, as often the one as the other. @param most 0.25 is from 1 / 1.25 of its size to
 * 1.25 times its size.
 */
export function drawScale(most: number, random: Random): Affine {
  const zoom = (1 + most) ** (2 * random.next() - 1);
  return [1 / zoom, 0, 0, 0, 1 / zoom, 0];
}
