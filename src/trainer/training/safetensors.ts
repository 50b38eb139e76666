import type { HostTensor, HostTensors } from '../engine/engine';
import { KindredError } from '../../rpc/errors';

/**
 * The safetensors format: a little-endian 64-bit length, a JSON header with the type, shape and place of each tensor, then the
 * tensors. One open file for a whole state, readable in Python with `safetensors.numpy.load_file`.
 */
export interface TensorFile {
  readonly tensors: HostTensors;
  readonly metadata: Readonly<Record<string, string>>;
}

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

const LENGTH_BYTES = 8;
/** Tensors start at a multiple of this, as the format asks; the header is filled up with spaces. */
const ALIGNMENT = 8;

/** Names in alphabetical order, so that the same state gives the same bytes. Float32 tensors only. */
export function encodeSafetensors({ tensors, metadata }: TensorFile): Uint8Array {
  const names = Object.keys(tensors).sort();
  const header: Record<string, Entry | Record<string, string>> = { __metadata__: { ...metadata } };
  let size = 0;
  for (const name of names) {
    const { shape, data } = tensors[name];
    if (!(data instanceof Float32Array)) throw new TypeError(`${name} is not float32.`);
    header[name] = { dtype: 'F32', shape, data_offsets: [size, size + data.byteLength] };
    size += data.byteLength;
  }
  const json = Buffer.from(JSON.stringify(header));
  const start = Math.ceil((LENGTH_BYTES + json.length) / ALIGNMENT) * ALIGNMENT;
  const bytes = Buffer.alloc(start + size, ' ');
  bytes.writeBigUInt64LE(BigInt(start - LENGTH_BYTES), 0);
  json.copy(bytes, LENGTH_BYTES);
  let at = start;
  for (const name of names) {
    const { data } = tensors[name];
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

/** @throws KindredError `bad-input` that names `path` when the bytes are cut short or are something else. */
export function decodeSafetensors(bytes: Uint8Array, path: string): TensorFile {
  try {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const start = LENGTH_BYTES + Number(view.getBigUint64(0, true));
    const json = new TextDecoder().decode(bytes.subarray(LENGTH_BYTES, start));
    const { __metadata__: metadata = {}, ...entries } = JSON.parse(json) as Record<string, Entry> & {
      __metadata__?: Record<string, string>;
    };
    const tensors = Object.fromEntries(
      Object.entries(entries as Record<string, Entry>).map(([name, entry]) => [
        name,
        decodeTensor(bytes, start, entry),
      ]),
    );
    return { tensors, metadata };
  } catch (cause) {
    throw new KindredError('bad-input', `${path} is not a whole safetensors file.`, {
      remedy: 'Delete the run and train again.',
      path,
      cause,
    });
  }
}

function decodeTensor(bytes: Uint8Array, start: number, { dtype, shape, data_offsets: [from, to] }: Entry): HostTensor {
  const size = shape.reduce((product, length) => product * length, 1);
  if (dtype !== 'F32' || to - from !== 4 * size || start + to > bytes.length) throw new RangeError('bad entry');
  const copy = new Uint8Array(bytes.subarray(start + from, start + to));
  return { shape, data: new Float32Array(copy.buffer) };
}
