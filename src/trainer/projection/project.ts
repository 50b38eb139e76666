import type { Worker } from 'node:worker_threads';
import { fromErrorData, KindredError, throwIfCancelled } from '../../rpc/errors';
import type { CallContext } from '../../rpc/rpc';
import type { Dataset } from '../dataset/dataset';
import type { Embedding } from '../embedding/embedding';
import { neighbourGraph } from '../neighbours/graph';
import type { ProjectionProgress } from '../protocol';
import type { Projection, ProjectionSettings } from '../types/embedding';
import { startWorker } from '../workers';
import type { ProjectionJob, ProjectionMessage } from './messages';
import { readProjection, writeProjection } from './projectionStore';
import { checkProjectionSettings, projectionId } from './settings';
import { isLaidOut, type Frame } from './steps';

/**
 * Lays the items out in the plane: PCA, or UMAP that starts from PCA. The work is done in a thread of its own; pictures on the
 * way are reported several times a second, the PCA first. The same rows and settings give the same bytes. Kept in
 * `projections/<id>.npy` (float32, one x and y an item, as `toFrame` says).
 *
 * @throws KindredError `invalid-argument` for settings out of range, `cancelled`, and what the store throws
 */
export async function project(
  dataset: Pick<Dataset, 'paths'>,
  embedding: Embedding,
  settings: ProjectionSettings,
  context: CallContext<ProjectionProgress>,
): Promise<Projection> {
  checkProjectionSettings(settings);
  throwIfCancelled(context.signal);
  const folder = dataset.paths.projections;
  const stored = await readProjection(folder, embedding, settings);
  if (stored !== undefined) return stored;
  const positions = await compute(dataset, embedding, settings, context);
  throwIfCancelled(context.signal);
  const projection = {
    id: projectionId(embedding.summary.id, settings),
    embedding: embedding.summary.id,
    settings,
    positions,
  };
  await writeProjection(folder, embedding, projection);
  return projection;
}

async function compute(
  dataset: Pick<Dataset, 'paths'>,
  embedding: Embedding,
  settings: ProjectionSettings,
  context: CallContext<ProjectionProgress>,
): Promise<Float32Array> {
  const job: ProjectionJob = { file: embedding.summary.file, settings };
  const worker = startWorker('projectionWorker', { workerData: job });
  // Whichever ends first, an error or a cancellation, ends the other.
  const ended = new AbortController();
  const signal = AbortSignal.any([context.signal, ended.signal]);
  try {
    const positions = positionsOf(worker, { ...context, signal });
    if (settings.kind === 'umap' && isLaidOut(embedding.rows)) {
      const neighbours = sendNeighbours(worker, dataset, embedding, settings, { ...context, signal });
      await Promise.race([neighbours, positions]);
    }
    return await positions;
  } finally {
    ended.abort();
    await worker.terminate();
  }
}

/** The neighbours are found here, on ONNX Runtime's threads, while the worker draws the first picture. */
async function sendNeighbours(
  worker: Worker,
  dataset: Pick<Dataset, 'paths'>,
  embedding: Embedding,
  settings: ProjectionSettings,
  context: CallContext<ProjectionProgress>,
): Promise<void> {
  // UMAP counts the item itself as one of its neighbours, and must leave at least one item out.
  const k = Math.min(settings.neighbours, embedding.rows - 1) - 1;
  const { indices, distances } = await neighbourGraph(dataset, embedding, k, context);
  worker.postMessage({ k, indices, distances }, [indices.buffer as ArrayBuffer, distances.buffer as ArrayBuffer]);
}

function positionsOf(worker: Worker, context: CallContext<ProjectionProgress>): Promise<Float32Array> {
  return new Promise((resolve, reject) => {
    const cancel = (): void => reject(new KindredError('cancelled', 'Cancelled.'));
    if (context.signal.aborted) cancel();
    context.signal.addEventListener('abort', cancel, { once: true });
    worker.on('message', (message: ProjectionMessage) => {
      if (message.kind === 'done') resolve(message.positions);
      else if (message.kind === 'failed') reject(fromErrorData(message.error));
      else if (!context.signal.aborted) context.report(progressOf(message));
    });
    worker.once('error', (cause) =>
      reject(new KindredError('internal', 'The projection broke off.', { cause, remedy: 'Start it again.' })),
    );
    worker.once('exit', (code) =>
      reject(new KindredError('internal', `The projection's thread ended too early (code ${code}).`)),
    );
  });
}

function progressOf({ epoch, epochs, secondsLeft, positions }: Frame): ProjectionProgress {
  if (epochs === 0) return { stage: 'Drawing a first map', done: 1, total: 1, unit: 'maps', positions };
  return { stage: 'Arranging the map', done: epoch, total: epochs, unit: 'epochs', secondsLeft, positions };
}
