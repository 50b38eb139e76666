import { join } from 'node:path';
import { dataDigest } from '../embedding/digest';
import { writeFileAtomic } from '../store/atomic';
import { files } from '../store/files';
import { readNpy, writeNpy } from '../store/npy';
import type { ItemQuality, ProjectionQuality } from '../types/projectionQuality';

/** Of the formulas; raise it when the same map gives other numbers. */
const VERSION = 1;

export interface QualityPlace {
  readonly folder: string;
  /** The projection's id. */
  readonly projection: string;
  readonly positions: Float32Array;
  /** The embedding's. */
  readonly digest: string;
  readonly k: number;
}

type Record = Omit<ProjectionQuality, 'perItem'> & { readonly references: number; readonly made: string };

/** The stored quality of exactly these positions; undefined when there is none, or it cannot be read. */
export async function readQuality(place: QualityPlace): Promise<ProjectionQuality | undefined> {
  const { positions, digest } = place;
  try {
    const text = (await files().readFile(`${baseOf(place)}.json`)).toString('utf8');
    const { made, references, ...summary } = JSON.parse(text) as Partial<Record>;
    if (made !== (await madeOf(positions, digest)) || references === undefined) return undefined;
    const { data, shape } = await readNpy(`${baseOf(place)}.npy`);
    const items = summary.items ?? 0;
    if (!(data instanceof Float32Array) || shape[0] !== 4 || shape[1] !== items) return undefined;
    const column = (at: number): Float32Array => data.slice(at * items, (at + 1) * items);
    const perItem: ItemQuality = {
      references,
      trustworthiness: column(0),
      continuity: column(1),
      preservation: column(2),
      spearman: column(3),
    };
    return { ...(summary as Omit<ProjectionQuality, 'perItem'>), perItem };
  } catch {
    return undefined;
  }
}

/** Writes `<projection>.quality-k<k>.npy` (float32, 4 rows: the measures in the order of `ItemQuality`) and its record. */
export async function writeQuality(place: QualityPlace, quality: ProjectionQuality): Promise<void> {
  const { perItem, ...summary } = quality;
  const { references, trustworthiness, continuity, preservation, spearman } = perItem;
  const data = new Float32Array(4 * quality.items);
  [trustworthiness, continuity, preservation, spearman].forEach((column, at) => data.set(column, at * quality.items));
  // Without a record the columns count as not there, so that old and new are never mixed.
  await writeFileAtomic(`${baseOf(place)}.json`, '{}\n');
  await writeNpy(`${baseOf(place)}.npy`, { data, shape: [4, quality.items] });
  const record: Record = { ...summary, references, made: await madeOf(place.positions, place.digest) };
  await writeFileAtomic(`${baseOf(place)}.json`, `${JSON.stringify(record, undefined, 2)}\n`);
}

function baseOf({ folder, projection, k }: QualityPlace): string {
  return join(folder, `${projection}.quality-k${k}`);
}

async function madeOf(positions: Float32Array, digest: string): Promise<string> {
  return `${VERSION}/${digest}/${await dataDigest(positions)}`;
}
