import type { Random } from '../../random';
import type { AugmentationSettings } from '../../types/training';
import { type Affine, compose } from './affine';
import { blur, drawBlur } from './blur';
import { type ColourJitter, drawColourJitter } from './colourJitter';
import { meanLuma, multiply, recolour } from './colourMatrix';
import { drawCrop } from './crop';
import { drawErasing, erase, type Erasing } from './erase';
import { drawFlip } from './flip';
import { drawGrey } from './grey';
import { resample } from './resample';
import { drawRotation } from './rotate';
import { drawScale } from './scale';

const CHANNELS = 3;

/** What is done to one picture, in this order. */
interface View {
  readonly where: Affine;
  readonly colours: ColourJitter;
  readonly isRecoloured: boolean;
  /** Standard deviation in pixels. */
  readonly blur: number;
  readonly erasing: Erasing | undefined;
}

/**
 * Random views of pictures: turned, scaled, cropped, mirrored; recoloured; blurred; with a part erased. The view of row r depends on
 * `random` and r only, and no setting shifts the randomness of another.
 * @param pixels uint8 RGB, `size` x `size`, row-major, one picture after the other.
 * @param random of the batch; it is not advanced.
 * @returns the same layout as float32 from 0 to 1.
 */
export function augment(
  pixels: Uint8Array,
  size: number,
  settings: AugmentationSettings,
  random: Random,
): Float32Array<ArrayBuffer> {
  const length = size * size * CHANNELS;
  const output = new Float32Array(pixels.length);
  for (let row = 0; row * length < pixels.length; row++) {
    const [start, end] = [row * length, (row + 1) * length];
    const view = drawView(settings, size, random.fork(`row ${row}`));
    show(pixels.subarray(start, end), output.subarray(start, end), size, view);
  }
  return output;
}

/** Always draws the same number of values. */
function drawView(settings: AugmentationSettings, size: number, random: Random): View {
  const { crop, flip, colour, grey, rotate = 0, scale = 0, hue = 0, blur = 0, erase = 0 } = settings;
  const cropped = compose(drawFlip(flip, random), drawCrop(crop, random));
  const where = compose(compose(cropped, drawScale(scale, random)), drawRotation(rotate, random));
  const jitter = drawColourJitter(colour, hue, random);
  return {
    where,
    colours: { matrix: multiply(jitter.matrix, drawGrey(grey, random)), light: jitter.light },
    isRecoloured: colour > 0 || hue > 0 || grey > 0,
    blur: drawBlur(blur, size, random),
    erasing: drawErasing(erase, size, random),
  };
}

function show(source: Uint8Array, target: Float32Array, size: number, view: View): void {
  resample(source, target, size, view.where);
  const { matrix, light } = view.colours;
  if (view.isRecoloured) recolour(target, matrix, light === 0 ? 0 : light * meanLuma(target));
  blur(target, size, view.blur);
  erase(target, size, view.erasing);
}
