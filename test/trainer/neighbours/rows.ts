import { dataDigest } from '../../../src/trainer/embedding/digest';
import { Embedding } from '../../../src/trainer/embedding/embedding';
import { Random } from '../../../src/trainer/random';

export interface Rows {
  readonly data: Float32Array;
  readonly rows: number;
  readonly dims: number;
}

/** Random L2-normalised rows. */
export function unitRows(rows: number, dims: number, seed: number): Rows {
  const random = new Random(seed);
  const data = Float32Array.from({ length: rows * dims }, () => random.normal());
  for (let i = 0; i < rows; i++) {
    const row = data.subarray(i * dims, (i + 1) * dims);
    const norm = Math.hypot(...row);
    row.forEach((x, d) => (row[d] = x / norm));
  }
  return { data, rows, dims };
}

/** Some of the rows, in this order. */
export function takenRows({ data, dims }: Rows, order: readonly number[]): Rows {
  const rows = new Float32Array(order.length * dims);
  order.forEach((row, i) => rows.set(data.subarray(row * dims, (row + 1) * dims), i * dims));
  return { data: rows, rows: order.length, dims };
}

/** The rows as an embedding that lies in `file`. */
export async function embeddingOf(
  { data, rows, dims }: Rows,
  file = 'nowhere.npy',
  id = 'descriptor',
): Promise<Embedding> {
  const summary = { id, model: 'descriptor', count: rows, dims, created: new Date(0).toISOString(), file } as const;
  return new Embedding(summary, await dataDigest(data), data, rows, dims);
}
