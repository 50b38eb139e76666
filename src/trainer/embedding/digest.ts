import { createHash } from 'node:crypto';
import { breathe } from '../store/slices';

const BLOCK = 8 << 20; // bytes; about 10 ms of work

/** Names the content of an array: the first 128 bits of its SHA-256, in hexadecimal. */
export async function dataDigest(data: Float32Array | Uint8Array): Promise<string> {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const hash = createHash('sha256');
  for (let start = 0; start < bytes.length; start += BLOCK) {
    hash.update(bytes.subarray(start, start + BLOCK));
    await breathe();
  }
  return hash.digest('hex').slice(0, 32);
}

/** Names a list of items by their content hashes, in order. */
export function itemsDigest(hashes: readonly string[]): string {
  return createHash('sha256').update(hashes.join('\n')).digest('hex').slice(0, 32);
}
