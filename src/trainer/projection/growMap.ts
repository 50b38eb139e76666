import type { CallContext } from '../../rpc/rpc';
import type { Embedding } from '../embedding/embedding';
import { findItemsAgain } from '../embedding/itemKeys';
import { withThread } from '../jobThread';
import type { Progress } from '../types/progress';
import type { ProjectionSettings } from '../types/embedding';
import { neighboursNeeded } from './projector';
import type { MapBasis, StoredMap } from './projectionStore';
import type { ProjectionThread } from './worker';

/** With a larger share of items that were only placed, the map is laid out anew: they never moved the others. */
const MOST_PLACED = 0.25;

/** A map of the items of now, in which those of before lie where they lay. */
export interface GrownMap {
  readonly positions: Float32Array;
  /** 1 for items that were placed into it, now or earlier. */
  readonly placed: Uint8Array;
}

/**
 * Takes a map over to the items of now: those that it has keep their places, to the byte; those that are gone vanish; new ones are placed by
 * their nearest among the others. An item whose row has changed is new.
 * @param keys `itemKeys` of the items of now
 * @returns undefined when too much is new, so that the map should be laid out again
 */
export async function growMap(
  map: StoredMap,
  embedding: Embedding,
  keys: MapBasis['keys'],
  settings: ProjectionSettings,
  context: CallContext<Progress>,
): Promise<GrownMap | undefined> {
  const { rows } = embedding;
  const before = await findItemsAgain(map.keys, keys, context.signal);
  const width = map.positions.length / map.placed.length;
  const positions = new Float32Array(rows * width);
  const placed = new Uint8Array(rows).fill(1);
  before.forEach((item, row) => {
    if (item < 0) return;
    for (let axis = 0; axis < width; axis++) positions[row * width + axis] = map.positions[item * width + axis];
    placed[row] = map.placed[item];
  });
  const numbers = Int32Array.from(before.keys());
  const known = numbers.filter((row) => before[row] >= 0);
  const fresh = numbers.filter((row) => before[row] < 0);
  const count = placed.reduce((sum, flag) => sum + flag, 0);
  if (known.length === 0 || count > MOST_PLACED * rows) return undefined;
  if (fresh.length === 0) return { positions, placed };
  const isFlat = settings.kind === 'pca';
  if (isFlat ? map.axes === undefined : neighboursNeeded(settings, known.length) === 0) return undefined;
  const places = new Float32Array(known.length * width);
  known.forEach((row, i) => {
    for (let axis = 0; axis < width; axis++) places[i * width + axis] = positions[row * width + axis];
  });
  const params = {
    file: embedding.summary.file,
    map: { known, fresh, positions: places, scale: map.scale },
    settings,
    axes: isFlat ? map.axes : undefined,
  };
  const found = await withThread<ProjectionThread, Float32Array>(
    'projectionWorker',
    'Placing new items',
    context.signal,
    (rpc) => rpc.call('place', params, { onProgress: context.report }),
  );
  fresh.forEach((row, i) => positions.set(found.subarray(i * width, (i + 1) * width), row * width));
  return { positions, placed };
}
