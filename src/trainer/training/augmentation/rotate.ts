import type { Random } from '../../random';
import type { Affine } from './affine';

/** Turns the picture about its middle. @param largest degrees to either side. */
export function drawRotation(largest: number, random: Random): Affine {
  const angle = (Math.PI / 180) * largest * (2 * random.next() - 1);
  // Exactly upright when nothing is asked for: the resampling is faster then.
  if (largest === 0) return [1, 0, 0, 0, 1, 0];
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return [cos, -sin, 0, sin, cos, 0];
}
