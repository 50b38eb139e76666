import type { Random } from '../../random';
import type { Affine } from './affine';

/** A crop's sides differ by this factor at most. */
const LARGEST_ASPECT = 4 / 3;

/** A part of the picture, stretched over all of it. @param smallest share of the area that is kept at least, 1 for no crop. */
export function drawCrop(smallest: number, random: Random): Affine {
  const area = smallest + (1 - smallest) * random.next();
  const aspect = Math.exp(Math.log(LARGEST_ASPECT) * (2 * random.next() - 1));
  const [across, down] = [random.next(), random.next()];
  if (smallest >= 1) return [1, 0, 0, 0, 1, 0];
  const width = Math.min(1, Math.sqrt(area * aspect));
  const height = Math.min(1, Math.sqrt(area / aspect));
  return [width, 0, (1 - width) * (across - 0.5), 0, height, (1 - height) * (down - 0.5)];
}
