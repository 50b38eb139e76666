/** Similarities of float32 rows differ from the exact ones by about this much; nearer than it is "the same". */
const ROUNDING = 1e-6;

/** Cosine distance of two L2-normalised rows, 0 to 2; exactly 0 for rows that are the same but for rounding. */
export function cosineDistance(similarity: number): number {
  const distance = 1 - similarity;
  return distance < ROUNDING ? 0 : Math.min(distance, 2);
}
