import type { Random } from '../../random';
import { type ColourMatrix, LUMA, SAME_COLOURS } from './colourMatrix';

/** Takes the colours away from some pictures and leaves their luma. @param chance from 0 to 1. */
export function drawGrey(chance: number, random: Random): ColourMatrix {
  return random.next() < chance ? [...LUMA, ...LUMA, ...LUMA] : SAME_COLOURS;
}
