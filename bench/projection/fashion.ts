import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

/** Where Debian's package dataset-fashion-mnist puts its files. */
export const FASHION_FOLDER = '/usr/share/datasets/fashion-mnist';

/** The first `count` of the 60,000 training pictures of Fashion-MNIST (Xiao, Rasul and Vollgraf 2017): grey values from 0 to 1, and classes. */
export async function fashion(
  count: number,
  folder = FASHION_FOLDER,
): Promise<{ data: Float32Array; labels: Uint8Array }> {
  const unpack = async (name: string): Promise<Buffer> => promisify(gunzip)(await readFile(path.join(folder, name)));
  const images = await unpack('train-images-idx3-ubyte.gz');
  const labels = await unpack('train-labels-idx1-ubyte.gz');
  return {
    data: Float32Array.from(images.subarray(16, 16 + count * 784), (value) => value / 255),
    labels: Uint8Array.from(labels.subarray(8, 8 + count)),
  };
}
