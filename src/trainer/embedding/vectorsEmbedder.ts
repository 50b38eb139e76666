import { KindredError } from '../../rpc/errors';
import type { StorePaths } from '../store/paths';
import { isRunName } from '../training/settings';
import type { Embedder } from './embedder';
import { embeddingId, readRecord } from './embedding';
import { SOURCE_SIZE } from './pixels';

/**
 * Stands for the tool that made imported vectors: it knows their stamp and length, and makes no others.
 * @throws KindredError `not-found` when nothing was imported under this name
 */
export async function vectorsEmbedder(paths: StorePaths, name: string): Promise<Embedder> {
  const record = isRunName(name) ? await readRecord(paths, embeddingId(`vectors:${name}`)) : undefined;
  if (record === undefined) {
    throw new KindredError('not-found', `There are no imported vectors "${name}".`, {
      remedy: `Import them: ${howTo(isRunName(name) ? name : '<name>')}.`,
    });
  }
  const refuse = (missing: number): KindredError => withoutRows(name, missing);
  return {
    imageSize: SOURCE_SIZE,
    dims: record.dims,
    stamp: record.stamp,
    batch: 1,
    embed: (_, count) => Promise.reject(refuse(count)),
    refuse,
    dispose: () => undefined,
  };
}

function withoutRows(name: string, missing: number): KindredError {
  const items = missing === 1 ? '1 item has' : `${missing} items have`;
  return new KindredError('not-found', `${items} no row in the imported vectors "${name}".`, {
    remedy: `Make the vectors of all items with the tool that made these, and import again: ${howTo(name)}.`,
  });
}

function howTo(name: string): string {
  return `kindred embed <dataset> --input vectors.npy --name ${name}, or "Import Vectors" in the editor`;
}
