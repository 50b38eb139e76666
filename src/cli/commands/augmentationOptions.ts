import type { Command } from 'commander';
import type { AugmentationSettings } from '../../trainer/protocol';
import { number } from '../options';

/** Options that say how images are varied; what is not given stays as suggested. */
export interface AugmentationOptions {
  readonly crop?: number;
  readonly flip?: boolean;
  readonly colour?: number;
  readonly grey?: number;
  readonly hue?: number;
  readonly rotate?: number;
  readonly scale?: number;
  readonly blur?: number;
  readonly erase?: number;
}

const NAMES = ['crop', 'flip', 'colour', 'grey', 'hue', 'rotate', 'scale', 'blur', 'erase'] as const;

export function addAugmentation(command: Command): void {
  command
    .option('--crop <share>', 'smallest share of the area that a random crop keeps', number(0.05, 1))
    .option('--flip', 'mirror images at random')
    .option('--no-flip', 'do not')
    .option('--colour <share>', 'largest change of brightness, contrast and saturation', number(0, 1))
    .option('--hue <share>', 'largest turn of the hue, as a share of the circle', number(0, 0.5))
    .option('--grey <chance>', 'chance of turning an image grey', number(0, 1))
    .option('--rotate <degrees>', 'largest turn of an image', number(0, 180))
    .option('--scale <share>', 'largest change of size', number(0, 1))
    .option('--blur <chance>', 'chance of blurring an image', number(0, 1))
    .option('--erase <chance>', 'chance of painting over a rectangle of an image', number(0, 1));
}

export function augmentationWith(base: AugmentationSettings, options: AugmentationOptions): AugmentationSettings {
  const given = NAMES.filter((name) => options[name] !== undefined).map((name) => [name, options[name]] as const);
  return { ...base, ...Object.fromEntries(given) };
}
