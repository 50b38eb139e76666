/** Scales `values[start, end)` to length 1 in place. A row of zeros has no direction and stays as it is. */
export function normaliseRange(values: Float32Array, start: number, end: number): void {
  let squares = 0;
  for (let i = start; i < end; i++) squares += values[i] * values[i];
  if (!(squares > 0)) return;
  const scale = 1 / Math.sqrt(squares);
  for (let i = start; i < end; i++) values[i] *= scale;
}

/** Scales every row of a row-major matrix to length 1 in place. */
export function normaliseRows(values: Float32Array, dims: number): void {
  for (let start = 0; start + dims <= values.length; start += dims) normaliseRange(values, start, start + dims);
}

/** Signed square root in place: damps what is large, so that no single bin decides (the Hellinger kernel for histograms). */
export function signedSqrt(values: Float32Array): void {
  for (let i = 0; i < values.length; i++) values[i] = Math.sign(values[i]) * Math.sqrt(Math.abs(values[i]));
}
