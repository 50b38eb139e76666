/**
 * Spearman's rank correlation: Pearson's of the ranks, values that are the same sharing the mean of their ranks.
 * @returns 1 for fewer than two values, or when both sides are constant; 0 when one side is
 */
export function spearman(a: Float32Array | Float64Array, b: Float32Array | Float64Array): number {
  return rankCorrelation(averageRanks(a), averageRanks(b), (a.length + 1) / 2);
}

/** Ranks from 1, ties with the mean of theirs. */
function averageRanks(values: Float32Array | Float64Array): Float64Array {
  const order = Uint32Array.from(values, (_, i) => i).sort((i, j) => values[i] - values[j] || i - j);
  const ranks = new Float64Array(values.length);
  for (let from = 0; from < order.length;) {
    let to = from + 1;
    while (to < order.length && values[order[to]] === values[order[from]]) to++;
    for (let place = from; place < to; place++) ranks[order[place]] = (from + to + 1) / 2;
    from = to;
  }
  return ranks;
}

/** Pearson's correlation of ranks whose mean is known; what has the mean as its rank does not count. */
export function rankCorrelation(a: Float64Array, b: Float64Array, mean: number): number {
  let ab = 0;
  let aa = 0;
  let bb = 0;
  for (let i = 0; i < a.length; i++) {
    const x = a[i] - mean;
    const y = b[i] - mean;
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  if (aa === 0 && bb === 0) return 1;
  return aa === 0 || bb === 0 ? 0 : ab / Math.sqrt(aa * bb);
}
