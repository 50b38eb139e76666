import { type FileHandle } from 'node:fs/promises';
import { KindredError } from '../../rpc/errors';
import { writeFileAtomic } from './atomic';
import { fileErrorCode, files } from './files';

/** An array of NumPy's `.npy` format: little-endian, row-major ("C order"). */
export interface NpyArray {
  readonly data: Float32Array | Int32Array | Uint8Array;
  readonly shape: readonly number[];
}

const MAGIC = '\x93NUMPY';
const ALIGNMENT = 64;

/**
 * Writes version 1.0 of the format (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html), atomically.
 * @throws RangeError when the shape does not fit the data.
 */
export async function writeNpy(path: string, array: NpyArray): Promise<void> {
  if (elements(array.shape) !== array.data.length)
    throw new RangeError(`An array of shape [${array.shape.join(', ')}] cannot hold ${array.data.length} values.`);
  const body = new Uint8Array(array.data.buffer, array.data.byteOffset, array.data.byteLength);
  await writeFileAtomic(path, [npyHeader(descriptorOf(array.data), array.shape), body]);
}

/**
 * Reads float32, int32 and uint8 arrays of versions 1 to 3; float64 is rounded to float32.
 * @throws KindredError `not-found`, or `bad-input` that says what is wrong with the file.
 */
export async function readNpy(path: string): Promise<NpyArray> {
  return withNpy(path, async (handle, header) => {
    const length = elements(header.shape);
    if (header.descriptor === '<f8')
      return { data: await readDoubles(handle, length, header.offset, path), shape: header.shape };
    const data = allocate(header.descriptor, length, path);
    await readExactly(handle, bytesOf(data), header.offset, path);
    return { data, shape: header.shape };
  });
}

/** What a file says of its shape, without reading its values. */
export async function readNpyShape(path: string): Promise<readonly number[]> {
  return withNpy(path, (_, header) => Promise.resolve(header.shape));
}

/** The given rows (first axis), in the given order, without reading the rest of the file. */
export async function readNpyRows(path: string, rows: ArrayLike<number>): Promise<NpyArray> {
  return withNpy(path, async (handle, header) => {
    const [count = 0, ...rest] = header.shape;
    const width = elements(rest);
    const data = allocate(header.descriptor, rows.length * width, path);
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i];
      if (!(row >= 0 && row < count)) throw new RangeError(`${path} has ${count} rows; there is no row ${row}.`);
      const part = bytesOf(data.subarray(i * width, (i + 1) * width));
      await readExactly(handle, part, header.offset + row * part.byteLength, path);
    }
    return { data, shape: [rows.length, ...rest] };
  });
}

/** The head of a `.npy` file, so that what is written after it can be streamed. */
export function npyHeader(descriptor: '<f4' | '<i4' | '|u1', shape: readonly number[]): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const text = `{'descr': '${descriptor}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const used = MAGIC.length + 4 + text.length + 1;
  const padded = text + ' '.repeat((ALIGNMENT - (used % ALIGNMENT)) % ALIGNMENT) + '\n';
  const header = Buffer.alloc(MAGIC.length + 4 + padded.length);
  header.write(MAGIC, 0, 'latin1');
  header[6] = 1;
  header.writeUInt16LE(padded.length, 8);
  header.write(padded, 10, 'latin1');
  return header;
}

interface NpyHeader {
  readonly descriptor: string;
  readonly shape: number[];
  /** Where the data starts, in bytes. */
  readonly offset: number;
}

async function withNpy<T>(path: string, use: (handle: FileHandle, header: NpyHeader) => Promise<T>): Promise<T> {
  let handle: FileHandle;
  try {
    handle = await files().open(path, 'r');
  } catch (error) {
    if (fileErrorCode(error) !== 'ENOENT') throw error;
    throw new KindredError('not-found', `There is no file ${path}.`, { remedy: 'Make it again.', path, cause: error });
  }
  try {
    return await use(handle, await readHeader(handle, path));
  } finally {
    await handle.close();
  }
}

async function readHeader(handle: FileHandle, path: string): Promise<NpyHeader> {
  const start = Buffer.alloc(12);
  const { bytesRead } = await handle.read(start, 0, 12, 0);
  if (bytesRead < 10 || start.toString('latin1', 0, 6) !== MAGIC) throw broken(path, 'is not a .npy file');
  const wide = start[6] >= 2;
  if (start[6] < 1 || start[6] > 3) throw broken(path, `has version ${start[6]} of the .npy format`);
  const offset = wide ? 12 : 10;
  const length = wide ? start.readUInt32LE(8) : start.readUInt16LE(8);
  if (length > 1 << 20) throw broken(path, 'has a damaged header');
  const text = Buffer.alloc(length);
  await readExactly(handle, text, offset, path);
  return { ...parseHeader(text.toString('utf8'), path), offset: offset + length };
}

function parseHeader(text: string, path: string): Omit<NpyHeader, 'offset'> {
  const descriptor = /'descr'\s*:\s*'([^']*)'/.exec(text)?.[1];
  const fortran = /'fortran_order'\s*:\s*(True|False)/.exec(text)?.[1];
  const tuple = /'shape'\s*:\s*\(([\d\s,]*)\)/.exec(text)?.[1];
  if (descriptor === undefined || fortran === undefined || tuple === undefined)
    throw broken(path, 'has a header that is not understood (structured or object arrays cannot be read)');
  const shape = tuple
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(Number);
  if (fortran === 'True' && shape.length > 1) {
    const remedy = 'Save numpy.ascontiguousarray(array) instead.';
    throw broken(path, 'is stored column by column (Fortran order)', remedy);
  }
  return { descriptor, shape };
}

function allocate(descriptor: string, length: number, path: string): NpyArray['data'] {
  switch (descriptor) {
    case '<f4':
      return new Float32Array(length);
    case '<i4':
      return new Int32Array(length);
    case '|u1':
    case '|b1':
      return new Uint8Array(length);
    default:
      throw broken(
        path,
        `holds values of type "${descriptor}"`,
        "Save array.astype('<f4') (or '<i4', 'uint8') instead.",
      );
  }
}

/** In blocks, so that the doubles are never all in memory and rounding a block takes no more than some milliseconds. */
async function readDoubles(handle: FileHandle, length: number, offset: number, path: string): Promise<Float32Array> {
  const data = new Float32Array(length);
  const block = new Float64Array(Math.min(length, 1 << 20));
  for (let start = 0; start < length; start += block.length) {
    const part = block.subarray(0, Math.min(block.length, length - start));
    const bytes = new Uint8Array(part.buffer, 0, part.byteLength);
    await readExactly(handle, bytes, offset + start * Float64Array.BYTES_PER_ELEMENT, path);
    data.set(part, start);
  }
  return data;
}

async function readExactly(handle: FileHandle, into: Uint8Array, position: number, path: string): Promise<void> {
  for (let done = 0; done < into.byteLength;) {
    const length = Math.min(1 << 28, into.byteLength - done);
    const { bytesRead } = await handle.read(into, done, length, position + done);
    if (bytesRead === 0) throw broken(path, `ends after ${position + done} bytes; its header promises more`);
    done += bytesRead;
  }
}

function descriptorOf(data: NpyArray['data']): '<f4' | '<i4' | '|u1' {
  return data instanceof Float32Array ? '<f4' : data instanceof Int32Array ? '<i4' : '|u1';
}

function bytesOf(data: NpyArray['data']): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

function elements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

function broken(path: string, what: string, remedy = 'Delete it and make it again.'): KindredError {
  return new KindredError('bad-input', `${path} ${what}.`, { remedy, path });
}
