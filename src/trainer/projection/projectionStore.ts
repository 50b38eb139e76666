import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { KindredError } from '../../rpc/errors';
import type { Embedding } from '../embedding/embedding';
import { KEY_WORDS } from '../embedding/itemKeys';
import { writeFileAtomic } from '../store/atomic';
import { files } from '../store/files';
import { readNpy, writeNpy } from '../store/npy';
import type { MapDims, Projection, ProjectionSettings } from '../types/embedding';
import type { CheckpointPlace } from './checkpoint';
import { projectionId } from './settings';

/** Of the formulas; raise it when the same settings give other positions. */
const VERSION = 2;

interface ProjectionRecord {
  readonly made: string;
  readonly recall?: number;
  /** Items that were placed into it; see `growMap`. */
  readonly placed?: number;
  /** Length in the layout's own units of 1 on the map. */
  readonly scale?: number;
}

/**
 * The stored projection of exactly these rows (and labels, where they pull) with these settings; undefined when there is none, or it
 * cannot be read.
 */
export async function readProjection(
  folder: string,
  embedding: Embedding,
  settings: ProjectionSettings,
  labels?: Int32Array,
): Promise<Projection | undefined> {
  const id = projectionId(embedding.summary.id, settings);
  const { dims = 2 } = settings;
  try {
    const { made, recall, placed } = await readRecord(folder, id);
    if (made !== madeOf(embedding, labels)) return undefined;
    const { data: positions, shape } = await readNpy(join(folder, `${id}.npy`));
    if (!(positions instanceof Float32Array) || shape[0] !== embedding.rows || shape[1] !== dims) return undefined;
    const known = { ...(recall === undefined ? {} : { recall }), ...(placed === undefined ? {} : { placed }) };
    return { id, embedding: embedding.summary.id, settings, positions, ...known };
  } catch {
    return undefined;
  }
}

async function readRecord(folder: string, id: string): Promise<Partial<ProjectionRecord>> {
  const text = await files().readFile(join(folder, `${id}.json`));
  return JSON.parse(text.toString('utf8')) as Partial<ProjectionRecord>;
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

/** Where the layout of such a projection keeps how far it is. */
export function checkpointPlace(
  folder: string,
  id: string,
  embedding: Embedding,
  labels: Int32Array | undefined,
): CheckpointPlace {
  return { file: join(folder, `${id}.checkpoint.safetensors`), made: madeOf(embedding, labels) };
}

/** What must be known of a map so that items which come later can be placed into it. */
export interface MapBasis {
  /** `itemKeys` of its items. */
  readonly keys: Int32Array;
  /** 1 for items that were placed into it, 0 for those from which it was laid out. */
  readonly placed: Uint8Array;
  /** Length in the layout's own units of 1 on the map. */
  readonly scale: number;
  /** PCA: see `principalPicture`. */
  readonly axes?: Float32Array | undefined;
  /** Codes of the labels that pulled. */
  readonly labels?: Int32Array | undefined;
}

export interface StoredMap extends MapBasis {
  readonly positions: Float32Array;
  readonly recall: number | undefined;
}

/** The projection with these settings of whatever items there were; undefined when there is none, or it is of older formulas. */
export async function readStoredMap(folder: string, id: string): Promise<StoredMap | undefined> {
  try {
    const { made, recall, scale } = await readRecord(folder, id);
    if (made?.startsWith(`${VERSION}/`) !== true || scale === undefined) return undefined;
    const [{ data: positions, shape }, { data: items }, axes] = await Promise.all([
      readNpy(join(folder, `${id}.npy`)),
      readNpy(join(folder, `${id}.items.npy`)),
      readNpy(join(folder, `${id}.axes.npy`)).catch(() => undefined),
    ]);
    const [rows] = shape;
    if (!(positions instanceof Float32Array) || !(items instanceof Int32Array)) return undefined;
    if (items.length !== rows * ITEM_WORDS || (axes !== undefined && !(axes.data instanceof Float32Array)))
      return undefined;
    return { positions, recall, scale, ...unpackItems(items), axes: axes?.data as Float32Array | undefined };
  } catch {
    return undefined;
  }
}

/** Writes `<id>.npy` (float32), `<id>.items.npy` (int32: the key of each item, and 1 for a placed one), and the record. */
export async function writeProjection(
  folder: string,
  embedding: Embedding,
  projection: Projection,
  basis: MapBasis,
): Promise<void> {
  const { id, settings, positions, recall, placed } = projection;
  const { rows } = embedding;
  const { axes, scale, labels } = basis;
  // Without a record the positions count as not there, so that old and new are never mixed.
  await writeFileAtomic(join(folder, `${id}.json`), '{}\n');
  await writeNpy(join(folder, `${id}.npy`), { data: positions, shape: [rows, settings.dims ?? 2] });
  await writeNpy(join(folder, `${id}.items.npy`), { data: packItems(basis), shape: [rows, ITEM_WORDS] });
  if (axes !== undefined)
    await writeNpy(join(folder, `${id}.axes.npy`), {
      data: axes,
      shape: [axes.length / (embedding.dims + 1), embedding.dims + 1],
    });
  const made = madeOf(embedding, labels);
  const record = { id, embedding: embedding.summary.id, settings, recall, placed, scale, made };
  await writeFileAtomic(join(folder, `${id}.json`), `${JSON.stringify(record, null, 2)}\n`);
}

/** The words of a key, and whether the item was placed. */
const ITEM_WORDS = KEY_WORDS + 1;

function packItems({ keys, placed }: MapBasis): Int32Array {
  const items = new Int32Array(placed.length * ITEM_WORDS);
  placed.forEach((flag, item) => {
    for (let word = 0; word < KEY_WORDS; word++) items[item * ITEM_WORDS + word] = keys[item * KEY_WORDS + word];
    items[item * ITEM_WORDS + KEY_WORDS] = flag;
  });
  return items;
}

function unpackItems(items: Int32Array): Pick<MapBasis, 'keys' | 'placed'> {
  const rows = items.length / ITEM_WORDS;
  const keys = new Int32Array(rows * KEY_WORDS);
  const placed = new Uint8Array(rows);
  for (let item = 0; item < rows; item++) {
    for (let word = 0; word < KEY_WORDS; word++) keys[item * KEY_WORDS + word] = items[item * ITEM_WORDS + word];
    placed[item] = items[item * ITEM_WORDS + KEY_WORDS];
  }
  return { keys, placed };
}

function madeOf({ digest }: Embedding, labels?: Int32Array): string {
  const pulled = labels === undefined ? '' : `/${createHash('sha256').update(labels).digest('hex').slice(0, 32)}`;
  return `${VERSION}/${digest}${pulled}`;
}
