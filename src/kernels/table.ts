/*
 * Functions of a squared distance are looked up: lines between 32 places in every octave from 2^-40 to 2^24, each as its value at 0
 * and its slope (two f32). src/trainer/projection/forceTable.ts writes them.
 */
const MANTISSA_BITS: i32 = 18;
const FIRST: i32 = (127 - 40) << 5;
const LAST: i32 = 64 * 32 - 1;

/** 0 for points in one place. */
export function lookUp(table: usize, square: f32): f32 {
  if (!(square > 0)) return 0;
  const line = min(max((reinterpret<i32>(square) >> MANTISSA_BITS) - FIRST, 0), LAST);
  const at = table + ((<usize>line) << 3);
  return load<f32>(at) + load<f32>(at, 4) * square;
}
