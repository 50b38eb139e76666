import { join } from 'node:path';
import { KindredError } from '../../rpc/errors';
import type { Embedding } from '../embedding/embedding';
import { writeFileAtomic } from '../store/atomic';
import { files } from '../store/files';
import { readNpy, writeNpy } from '../store/npy';
import type { MapDims, Projection, ProjectionSettings } from '../types/embedding';
import { projectionId } from './settings';

/** Of the formulas; raise it when the same settings give other positions. */
const VERSION = 2;

/** The stored projection of exactly these rows with these settings; undefined when there is none, or it cannot be read. */
export async function readProjection(
  folder: string,
  embedding: Embedding,
  settings: ProjectionSettings,
): Promise<Projection | undefined> {
  const id = projectionId(embedding.summary.id, settings);
  const { dims = 2 } = settings;
  try {
    const record = JSON.parse((await files().readFile(join(folder, `${id}.json`))).toString('utf8')) as {
      made?: string;
      recall?: number;
    };
    if (record.made !== madeOf(embedding)) return undefined;
    const { data: positions, shape } = await readNpy(join(folder, `${id}.npy`));
    if (!(positions instanceof Float32Array) || shape[0] !== embedding.rows || shape[1] !== dims) return undefined;
    const known = record.recall === undefined ? {} : { recall: record.recall };
    return { id, embedding: embedding.summary.id, settings, positions, ...known };
  } catch {
    return undefined;
  }
}

/**
 * Positions of a stored projection that has this id, as many items and as many dimensions.
 * @throws KindredError `not-found` when there is none, `invalid-argument` when it has other dimensions
 */
export async function readPositions(folder: string, id: string, items: number, dims: MapDims): Promise<Float32Array> {
  const found = await readNpy(join(folder, `${id}.npy`)).catch(() => undefined);
  const isOfItems = found?.data instanceof Float32Array && found.shape[0] === items;
  if (isOfItems && found.shape[1] === dims) return found.data;
  if (isOfItems)
    throw new KindredError('invalid-argument', `The map "${id}" has ${found.shape[1]} dimensions, and not ${dims}.`, {
      remedy: 'Name a map with the same dimensions, or leave out what this one should be like.',
    });
  throw new KindredError('not-found', `There is no map "${id}" of these ${items} items.`, {
    remedy: 'Make that map first, or leave out what this one should be like.',
  });
}

export async function writeProjection(folder: string, embedding: Embedding, projection: Projection): Promise<void> {
  const { id, settings, positions, recall } = projection;
  // Without a record the positions count as not there, so that old and new are never mixed.
  await writeFileAtomic(join(folder, `${id}.json`), '{}\n');
  await writeNpy(join(folder, `${id}.npy`), { data: positions, shape: [embedding.rows, settings.dims ?? 2] });
  const record = { id, embedding: embedding.summary.id, settings, recall, made: madeOf(embedding) };
  await writeFileAtomic(join(folder, `${id}.json`), `${JSON.stringify(record, null, 2)}\n`);
}

function madeOf(embedding: Embedding): string {
  return `${VERSION}/${embedding.digest}`;
}
