import { KindredError } from '../../rpc/errors';
import { readNpy } from './npy';

/** A row-major matrix. */
export interface Matrix {
  readonly data: Float32Array;
  readonly rows: number;
  readonly dims: number;
}

/**
 * The rows of an embedding's `.npy` file.
 * @throws KindredError `bad-input` when it holds something else, and what `readNpy` throws
 */
export async function readMatrix(file: string): Promise<Matrix> {
  const { data, shape } = await readNpy(file);
  const [rows = 0, dims = 0] = shape;
  if (data instanceof Float32Array && shape.length === 2) return { data, rows, dims };
  throw new KindredError('bad-input', `${file} is no embedding.`, { remedy: 'Compute it again.', path: file });
}
