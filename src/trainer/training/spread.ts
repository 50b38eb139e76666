import type { EmbeddingSpread } from '../types/training';

/** Below it, nearly all embeddings point the same way: that of a mean cosine of 0.94. */
const COLLAPSED = 0.25;

/**
 * How far embeddings are spread over the sphere. When they all become alike (collapse), the loss may still fall, but nothing can be
 * told apart any more.
 * @param data L2-normalised, `rows` rows of `dims`; at least two
 */
export function embeddingSpread(data: Float32Array, rows: number, dims: number): EmbeddingSpread {
  const sums = new Float64Array(dims);
  const squares = new Float64Array(dims);
  for (let row = 0; row < rows; row++) {
    for (let d = 0; d < dims; d++) {
      const value = data[row * dims + d];
      sums[d] += value;
      squares[d] += value * value;
    }
  }
  const all = squares.reduce((total, value) => total + value, 0);
  // The square of the sum of all rows is the sum of all their products; those of a row with itself are taken off.
  const products = sums.reduce((total, sum) => total + sum * sum, 0) - all;
  const deviations = sums.map((sum, d) => Math.sqrt(Math.max(0, squares[d] / rows - (sum / rows) ** 2)));
  const deviation = (deviations.reduce((total, value) => total + value, 0) / dims) * Math.sqrt(dims);
  return {
    meanCosine: products / (rows * (rows - 1)),
    deviation,
    ...(deviation < COLLAPSED ? { collapsed: true } : {}),
  };
}
