const DIGITS = 1 << 16;

/** Indices of non-negative numbers, smallest first and stable: a radix sort of their bits, whose order is that of the numbers. */
export function sortByWeight(weights: Float32Array): Uint32Array {
  const bits = new Uint32Array(weights.buffer, weights.byteOffset, weights.length);
  const identity = Uint32Array.from(weights, (_, i) => i);
  return pass(bits, pass(bits, identity, 0), 16);
}

function pass(bits: Uint32Array, order: Uint32Array, shift: number): Uint32Array {
  const starts = new Uint32Array(DIGITS + 1);
  for (const value of bits) starts[((value >>> shift) & (DIGITS - 1)) + 1]++;
  for (let digit = 0; digit < DIGITS; digit++) starts[digit + 1] += starts[digit];
  const sorted = new Uint32Array(order.length);
  for (const index of order) sorted[starts[(bits[index] >>> shift) & (DIGITS - 1)]++] = index;
  return sorted;
}
