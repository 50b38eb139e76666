/** Similarities of float32 rows differ from the exact ones by about this much; nearer than it is "the same". */
const ROUNDING = 1e-6;

/** Cosine distance of two L2-normalised rows, 0 to 2; exactly 0 for rows that are the same but for rounding. */
export function cosineDistance(similarity: number): number {
  const distance = 1 - similarity;
  return distance < ROUNDING ? 0 : Math.min(distance, 2);
}

/** Product of the rows at places `a` and `b`. Four sums at once, which the processor can work on side by side; as the order is fixed, so is the result. */
export function dotProduct(data: Float32Array, a: number, b: number, dims: number): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  const whole = dims - (dims % 4);
  for (let d = 0; d < whole; d += 4) {
    s0 += data[a + d] * data[b + d];
    s1 += data[a + d + 1] * data[b + d + 1];
    s2 += data[a + d + 2] * data[b + d + 2];
    s3 += data[a + d + 3] * data[b + d + 3];
  }
  for (let d = whole; d < dims; d++) s0 += data[a + d] * data[b + d];
  return s0 + s1 + (s2 + s3);
}
