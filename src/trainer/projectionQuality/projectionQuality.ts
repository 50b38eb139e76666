import { KindredError, throwIfCancelled } from '../../rpc/errors';
import type { CallContext } from '../../rpc/rpc';
import type { Embedding } from '../embedding/embedding';
import { runInThread } from '../jobThread';
import { neighbourGraph } from '../neighbours/graph';
import { project, type ProjectedDataset } from '../projection/project';
import type { ProjectionSettings } from '../types/embedding';
import type { Progress } from '../types/progress';
import type { ProjectionQuality } from '../types/projectionQuality';
import { neighboursLookedAt } from './measure';
import { readQuality, writeQuality } from './qualityStore';
import type { QualityThread } from './worker';

const NEIGHBOURS = 15;
const MOST_NEIGHBOURS = 200;
const SEED = 1;
/** At least so many items are ranked completely, which gives the means within about 0.01. */
const FEWEST_ANCHORS = 256;
/** Nanoseconds that ranking all items for the anchors may take, about. */
const BUDGET = 6e9;

/**
 * How much of the embedding's neighbourhoods the projection with these settings keeps, as a whole and for each item: trustworthiness,
 * continuity, kept neighbours, R_NX and Spearman's correlation of distances. Up to some thousand items all are compared with all;
 * of more a seeded sample is, and the result says how many. Works in a thread of its own.
 *
 * @throws KindredError `invalid-argument` for a k that is no whole number from 1 to 200, `cancelled`, and what projecting throws
 */
export async function projectionQuality(
  dataset: ProjectedDataset,
  embedding: Embedding,
  settings: ProjectionSettings,
  context: CallContext<Progress>,
  wanted = NEIGHBOURS,
): Promise<ProjectionQuality> {
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > MOST_NEIGHBOURS)
    throw new KindredError('invalid-argument', `A map cannot be measured by ${wanted} neighbours.`, {
      remedy: `Give a whole number from 1 to ${MOST_NEIGHBOURS}.`,
    });
  const { signal, report } = context;
  const { id, positions } = await project(dataset, embedding, settings, {
    signal,
    report: ({ stage, done, total, unit, secondsLeft }) =>
      report({ stage, done, total, unit, ...(secondsLeft === undefined ? {} : { secondsLeft }) }),
  });
  const k = neighboursLookedAt(embedding.rows, wanted);
  const place = { folder: dataset.paths.projections, projection: id, positions, digest: embedding.digest, k };
  const stored = await readQuality(place);
  if (stored !== undefined) return stored;
  const anchors = anchorsFor(embedding.rows, embedding.dims);
  const job: QualityThread['run']['params'] = {
    file: embedding.summary.file,
    positions: { data: positions, rows: embedding.rows, dims: positions.length / Math.max(1, embedding.rows) },
    k,
    anchors,
    neighbours: anchors < embedding.rows ? await neighbourGraph(dataset, embedding, k, context) : undefined,
    seed: SEED,
  };
  throwIfCancelled(signal);
  const quality = await runInThread<QualityThread>('qualityWorker', 'Measuring the map', job, context);
  await writeQuality(place, quality);
  return quality;
}

/** By a model of the cost: a distance takes a nanosecond a dimension, sorting and the rest 300 for each item. */
export function anchorsFor(rows: number, dims: number): number {
  return Math.min(rows, Math.max(FEWEST_ANCHORS, Math.floor(BUDGET / (rows * (dims + 300)))));
}
