import type { Random } from '../../random';
import { type ColourMatrix, LUMA, multiply, SAME_COLOURS } from './colourMatrix';

export interface ColourJitter {
  readonly matrix: ColourMatrix;
  /** Light that is added for each unit of the picture's mean luma. */
  readonly light: number;
}

/**
 * Brightness scales a picture, contrast stretches it about its mean luma, saturation stretches each pixel about its own luma, and
 * the hue is turned at equal luma: the plane of I and Q in the YIQ colours of NTSC. All of it is one matrix.
 * @param strength largest change of brightness, contrast and saturation: each factor is from 1 - strength to 1 + strength.
 * @param hue largest turn to either side, as a share of the full circle.
 */
export function drawColourJitter(strength: number, hue: number, random: Random): ColourJitter {
  const change = (): number => 1 + strength * (2 * random.next() - 1);
  const [brightness, contrast, saturation] = [change(), change(), change()];
  const turn = 2 * Math.PI * hue * (2 * random.next() - 1);
  const gain = SAME_COLOURS.map((value) => value * brightness * contrast);
  return {
    matrix: multiply(multiply(gain, saturate(saturation)), hue === 0 ? SAME_COLOURS : turnHue(turn)),
    light: brightness * (1 - contrast),
  };
}

function saturate(factor: number): ColourMatrix {
  return SAME_COLOURS.map((value, i) => value * factor + LUMA[i % 3] * (1 - factor));
}

/** Columns: how much red, green and blue one unit of I and of Q brings, at no luma (the inverse of the YIQ matrix). */
const I_TO_RGB = [0.9563, -0.2721, -1.107] as const;
const Q_TO_RGB = [0.621, -0.6474, 1.7046] as const;
const I = [0.5959, -0.2746, -0.3213] as const;
const Q = [0.2115, -0.5227, 0.3112] as const;

function turnHue(angle: number): ColourMatrix {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return SAME_COLOURS.map((_, at) => {
    const [row, column] = [Math.floor(at / 3), at % 3];
    const i = cos * I[column] - sin * Q[column];
    const q = sin * I[column] + cos * Q[column];
    return LUMA[column] + I_TO_RGB[row] * i + Q_TO_RGB[row] * q;
  });
}
