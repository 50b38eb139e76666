/** Draws that depend on their place only, not on the order of the work: Murmur's finaliser (Appleby 2008) over two words. */
export function hash2(a: u32, b: u32): u32 {
  let h: u32 = a * 0x9e3779b1 + b;
  h ^= h >> 16;
  h *= 0x85ebca6b;
  h ^= h >> 13;
  h *= 0xc2b2ae35;
  h ^= h >> 16;
  return h;
}

/** One step of xorshift32 (Marsaglia 2003). The state must not be 0. */
export function xorshift(state: u32): u32 {
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return state;
}

/** Uniform in [0, n) from 32 random bits, without a division (Lemire 2019). */
export function below(bits: u32, n: u32): u32 {
  return <u32>((<u64>bits * <u64>n) >> 32);
}
