import { Random } from '../../../../src/trainer/random';

export const SIZE = 9;

/** Random pictures of SIZE x SIZE, uint8 RGB. */
export function pictures(count: number, seed = 1, size = SIZE): Uint8Array {
  const random = new Random(seed);
  return Uint8Array.from({ length: count * size * size * 3 }, () => random.integer(256));
}

/** The value of a picture at a pixel and channel; beyond the border, that of the border. */
export function at(picture: ArrayLike<number>, size: number, x: number, y: number, channel: number): number {
  const within = (value: number): number => Math.min(Math.max(value, 0), size - 1);
  return picture[(within(y) * size + within(x)) * 3 + channel];
}

/** The largest difference between two lists of numbers. */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let most = Math.abs(a.length - b.length);
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i] - b[i]));
  return most;
}
