import { KindredError, throwIfCancelled } from '../../rpc/errors';
import type { CallContext } from '../../rpc/rpc';
import type { Dataset } from '../dataset/dataset';
import type { ItemTable } from '../dataset/itemTable';
import type { Embedding } from '../embedding/embedding';
import { itemKeys } from '../embedding/itemKeys';
import { withThread } from '../jobThread';
import { neighbourGraph } from '../neighbours/graph';
import type { ProjectionProgress } from '../protocol';
import type { Projection, ProjectionSettings } from '../types/embedding';
import { type CheckpointPlace, removeCheckpoint } from './checkpoint';
import { columnPositions } from './columnPositions';
import { growMap } from './growMap';
import {
  checkpointPlace,
  type MapBasis,
  readPositions,
  readProjection,
  readStoredMap,
  writeProjection,
} from './projectionStore';
import { checkProjectionSettings, projectionId } from './settings';
import { type Frame, neighboursNeeded } from './projector';
import type { ProjectionThread } from './worker';

/** Where the store is, and the table that may hold positions of its own. */
export interface ProjectedDataset extends Pick<Dataset, 'paths'> {
  readonly items?: Pick<ItemTable, 'count' | 'metadata'> & Partial<Pick<ItemTable, 'paths' | 'label'>>;
}

type Laid = Pick<Projection, 'positions' | 'recall'> & Pick<MapBasis, 'scale' | 'axes'>;

/**
 * Lays the items out in the plane or in space: PCA, or UMAP or t-SNE that start from it. The work is done in threads of its own; pictures on the
 * way are reported several times a second, the PCA first. The same rows and settings give the same bytes. Kept in
 * `projections/<id>.npy` (float32, x and y, in space z too, of each item, as `toFrame` says). Positions from the dataset's own columns are read, not kept.
 * A long layout that was broken off goes on from its last checkpoint, to the same bytes. When items have joined or left since, the others keep their places (`growMap`), but for a map that labels pull, which is laid out anew.
 *
 * @param anew lays out again a map into which items were placed
 * @throws KindredError `invalid-argument` for settings out of range, `cancelled`, and what the store throws
 */
export async function project(
  dataset: ProjectedDataset,
  embedding: Embedding,
  settings: ProjectionSettings,
  context: CallContext<ProjectionProgress>,
  anew = false,
): Promise<Projection> {
  checkProjectionSettings(settings);
  throwIfCancelled(context.signal);
  const id = projectionId(embedding.summary.id, settings);
  const named = { id, embedding: embedding.summary.id, settings };
  if (settings.kind === 'columns') return { ...named, ...(await columnPositions(dataset.items, settings.columns!)) };
  const folder = dataset.paths.projections;
  const labels = pullingLabels(dataset, settings);
  const stored = await readProjection(folder, embedding, settings, labels);
  if (stored !== undefined && (!anew || stored.placed === undefined)) return stored;
  const keys = await itemKeys(embedding, dataset.items?.paths, context.signal);
  const before = anew || labels !== undefined ? undefined : await readStoredMap(folder, id);
  const grown = before && (await growMap(before, embedding, keys, settings, context));
  const checkpoint = checkpointPlace(folder, id, embedding, labels);
  const wish = { settings, labels, checkpoint };
  const laid = grown ? { ...before, ...grown } : await compute(dataset, embedding, wish, context);
  const basis = {
    keys,
    placed: grown?.placed ?? new Uint8Array(embedding.rows),
    scale: laid.scale,
    axes: laid.axes,
    labels,
  };
  const placed = basis.placed.reduce((sum, flag) => sum + flag, 0);
  const known = { ...(laid.recall === undefined ? {} : { recall: laid.recall }), ...(placed > 0 ? { placed } : {}) };
  const projection = { ...named, positions: laid.positions, ...known };
  throwIfCancelled(context.signal);
  await writeProjection(folder, embedding, projection, basis);
  await removeCheckpoint(checkpoint);
  return projection;
}

/**
 * The labels that a supervised map looks at.
 * @throws KindredError `invalid-argument` when there are none
 */
function pullingLabels(
  { items }: ProjectedDataset,
  { kind, supervision = 0 }: ProjectionSettings,
): Int32Array | undefined {
  if (kind !== 'umap' || supervision === 0) return undefined;
  const codes = items?.label?.codes;
  if (codes?.some((code) => code >= 0) === true) return codes;
  throw new KindredError('invalid-argument', 'A map cannot be arranged by labels: the dataset has none.', {
    remedy: 'Set supervision to 0, or give the items labels.',
  });
}

interface Wish {
  readonly settings: ProjectionSettings;
  readonly labels: Int32Array | undefined;
  readonly checkpoint: CheckpointPlace;
}

async function compute(
  dataset: Pick<Dataset, 'paths'>,
  embedding: Embedding,
  { settings, labels, checkpoint }: Wish,
  context: CallContext<ProjectionProgress>,
): Promise<Laid> {
  const { report } = context;
  const { file } = embedding.summary;
  const { dims = 2 } = settings;
  const k = neighboursNeeded(settings, embedding.rows);
  // Whichever ends first, an error or a cancellation, ends the other.
  const ended = new AbortController();
  const signal = AbortSignal.any([context.signal, ended.signal]);
  const like =
    settings.like === undefined
      ? undefined
      : await readPositions(dataset.paths.projections, settings.like, embedding.rows, dims);
  return withThread<ProjectionThread, Laid>('projectionWorker', 'The projection', signal, async (rpc) => {
    try {
      const principal = rpc.call('principal', { file, dims, purpose: k === 0 ? 'picture' : 'start', checkpoint });
      if (k === 0) return { ...(await principal), scale: 0 };
      // The neighbours are found in other threads, while this one draws the first picture.
      const found = neighbourGraph(dataset, embedding, k, { signal, report }, settings.metric);
      const shown = principal.then(({ positions, resumed = false }) =>
        report({ ...FIRST, positions: resumed ? positions : (like ?? positions) }),
      );
      const [nearest] = await Promise.all([found, shown]);
      const onProgress = (frame: Frame): void => report(progressOf(frame));
      const laid = await rpc.call('layOut', { nearest, settings, like, labels, checkpoint }, { onProgress });
      return { ...laid, recall: nearest.recall };
    } finally {
      ended.abort();
    }
  });
}

const FIRST = { stage: 'Drawing a first map', done: 1, total: 1, unit: 'maps' } as const;

function progressOf({ epoch, epochs, secondsLeft, positions }: Frame): ProjectionProgress {
  return { stage: 'Arranging the map', done: epoch, total: epochs, unit: 'epochs', secondsLeft, positions };
}
