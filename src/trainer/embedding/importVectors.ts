import { KindredError, throwIfCancelled } from '../../rpc/errors';
import type { CallContext } from '../../rpc/rpc';
import type { Dataset } from '../dataset/dataset';
import { readNpy, readNpyShape } from '../store/npy';
import { ProgressMeter } from '../store/progressMeter';
import { breathe } from '../store/slices';
import { isRunName } from '../training/settings';
import type { ModelId } from '../types/embedding';
import type { Progress } from '../types/progress';
import { dataDigest } from './digest';
import type { Embedding } from './embedding';
import { normaliseRange } from './normalise';
import { inTurn, writeEmbedding } from './writer';

const MOST_DIMS = 65_536;
const BLOCK = 1 << 20; // values; about 10 ms of work

/**
 * Makes an embedding of vectors that another tool made. Its rows are scaled to length 1; rows of zeros stay zeros.
 *
 * @param name as a run may be named; what was imported under it before is replaced
 * @param file a `.npy` file, float32 or float64, one row an item in the order of the item table, 1 to 65,536 columns
 * @throws KindredError `invalid-argument` for the name, `not-found` or `bad-input` for the file, and what writing throws;
 *   `cancelled`
 */
export async function importVectors(
  dataset: Dataset,
  name: string,
  file: string,
  context: CallContext<Progress>,
): Promise<Embedding> {
  if (!isRunName(name)) {
    throw new KindredError('invalid-argument', `"${name}" cannot name vectors.`, {
      remedy: 'Give a name of up to 64 letters, digits, "-", "_" and "." that begins with a letter or a digit.',
    });
  }
  const dims = checkShape(await reading(file, readNpyShape), dataset, file);
  throwIfCancelled(context.signal);
  const { data } = await reading(file, readNpy);
  if (!(data instanceof Float32Array)) throw refusal(file, 'holds whole numbers');
  await normalise(data, dims, dataset, file, context);
  const model: ModelId = `vectors:${name}`;
  const stamp = `vectors/1/${await dataDigest(data)}`;
  throwIfCancelled(context.signal);
  return inTurn(dataset.paths, model, () => writeEmbedding(dataset, model, { dims, stamp }, data, 0));
}

/** How many columns there are. */
function checkShape(shape: readonly number[], dataset: Dataset, file: string): number {
  if (shape.length !== 2) {
    const axes = shape.length === 1 ? '1 axis' : `${shape.length} axes`;
    throw refusal(file, `has ${axes} and not 2`, 'Save a matrix with one row an item: numpy.save(file, vectors).');
  }
  const [rows, dims] = shape;
  const { count } = dataset.items;
  if (rows !== count) {
    const what = `has ${rows} ${rows === 1 ? 'row' : 'rows'}; ${dataset.summary.name} has ${count} items`;
    throw refusal(
      file,
      what,
      `Give one row an item, in the order of the table ${dataset.paths.items} (Arrow; its column "path" names the files).`,
    );
  }
  if (dims < 1 || dims > MOST_DIMS)
    throw refusal(
      file,
      `has ${dims} columns`,
      'Give vectors of 1 to 65,536 numbers; a projection makes longer ones shorter.',
    );
  return dims;
}

async function reading<T>(file: string, read: (path: string) => Promise<T>): Promise<T> {
  try {
    return await read(file);
  } catch (cause) {
    const missing = cause instanceof KindredError && cause.code === 'not-found';
    const message = cause instanceof KindredError ? cause.message : `${file} cannot be read (${String(cause)}).`;
    const remedy = missing ? 'Give the path of a .npy file.' : SAVE;
    throw new KindredError(missing ? 'not-found' : 'bad-input', message, { remedy, path: file, cause });
  }
}

/** Scales every row to length 1 in place, with breaks. */
async function normalise(
  data: Float32Array,
  dims: number,
  dataset: Dataset,
  file: string,
  { signal, report }: CallContext<Progress>,
): Promise<void> {
  const meter = new ProgressMeter(report, 'Importing vectors', dataset.items.count, 'vectors');
  const block = Math.max(1, Math.floor(BLOCK / dims));
  for (let start = 0; start < dataset.items.count; start += block) {
    const end = Math.min(start + block, dataset.items.count);
    for (let item = start; item < end; item++) {
      const row = data.subarray(item * dims, (item + 1) * dims);
      if (!row.every(Number.isFinite)) throw notFinite(file, item, dataset.items.paths[item]);
      normaliseRange(row, 0, dims);
    }
    meter.add(end - start);
    await breathe();
    throwIfCancelled(signal);
  }
}

function notFinite(file: string, item: number, path: string): KindredError {
  return refusal(
    file,
    `has a value in row ${item} (${path}) that is not a finite float32 number`,
    'Make the vector of this item anew; where there is none, give a row of zeros.',
  );
}

const SAVE = "Save it with numpy.save(file, numpy.ascontiguousarray(vectors, dtype='<f4')).";

function refusal(file: string, what: string, remedy = SAVE): KindredError {
  return new KindredError('bad-input', `${file} ${what}.`, { remedy, path: file });
}
