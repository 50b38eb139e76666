import { topSimilar } from '../engine/similarity';

/**
 * Recall@1: the share of rows whose nearest other row (highest dot product; the row itself is left out by index) has the same
 * label. Rows whose label no other row has are left out. Undefined when no row is left.
 * @param data L2-normalised, `labels.length` rows of `dims`.
 */
export async function recallAt1(
  data: Float32Array,
  dims: number,
  labels: Int32Array,
  signal: AbortSignal,
): Promise<number | undefined> {
  const rows = labels.length;
  if (rows < 2) return undefined;
  const vectors = { data, rows, dims };
  const { indices } = await topSimilar(vectors, vectors, 2, { signal, report: () => undefined });
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  let hits = 0;
  let queries = 0;
  labels.forEach((label, row) => {
    if ((counts.get(label) ?? 0) < 2) return;
    queries++;
    // Among several copies of one picture, two others may come before the row itself.
    const nearest = indices[2 * row] === row ? indices[2 * row + 1] : indices[2 * row];
    if (labels[nearest] === label) hits++;
  });
  return queries === 0 ? undefined : hits / queries;
}
