import { InvalidArgumentError } from 'commander';

/** A parser of a number in a range for an option. */
export function number(lowest: number, highest: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !(value >= lowest && value <= highest)) {
      throw new InvalidArgumentError(`It must be a number from ${lowest} to ${highest}.`);
    }
    return value;
  };
}

export function whole(lowest: number, highest: number): (text: string) => number {
  const parse = number(lowest, highest);
  return (text) => {
    const value = parse(text);
    if (!Number.isInteger(value)) throw new InvalidArgumentError('It must be a whole number.');
    return value;
  };
}

/** Seeds: all that a seed can be. */
export const seed = whole(0, Number.MAX_SAFE_INTEGER);

export const MODEL_OPTION = [
  '--model <name>',
  'a trained run, "descriptor", "pixels" (of images) or "vectors:<name>" (default: the newest run, or descriptor when nothing is trained)',
] as const;
