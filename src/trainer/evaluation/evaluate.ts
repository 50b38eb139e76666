import { KindredError, throwIfCancelled } from '../../rpc/errors';
import type { CallContext } from '../../rpc/rpc';
import type { Dataset } from '../dataset/dataset';
import { computeEmbedding, embedItems } from '../embedding/compute';
import { openEmbedder, type Embedder } from '../embedding/embedder';
import { embeddingId, readRecord } from '../embedding/embedding';
import { PIXEL_DIMS } from '../embedding/pixels';
import { itemsDigest } from '../embedding/digest';
import { ProgressMeter } from '../store/progressMeter';
import { readNpyRows } from '../store/npy';
import { heldOutItems } from '../training/heldOut';
import type { EvaluationReport, EvaluationRow, ModelId } from '../types/embedding';
import type { Progress } from '../types/progress';
import { retrievalMeasures, type RetrievalResult } from './measures';

/** Multiplications of the largest comparison, about half a minute; beyond it only some of the items are queries. */
const MOST_WORK = 2e12;
const FEWEST_QUERIES = 1000;

interface Searched {
  readonly by: EvaluationReport['heldOut']['by'];
  readonly classes: number;
  readonly items: readonly number[];
  readonly labels: Int32Array;
}

/**
 * Measures raw pixels, then the hand-made descriptors, then the model, on the same items: those that the run held out, or all
 * labelled items when the model is no run. They are searched among themselves. Above 25,000 items or so an even share of
 * them are the queries.
 *
 * @throws KindredError `bad-input` when no item has another of its class, and what `openEmbedder` and `heldOutItems` throw
 */
export async function evaluate(
  dataset: Dataset,
  model: ModelId,
  context: CallContext<Progress>,
): Promise<EvaluationReport> {
  const searched = await itemsToSearch(dataset, model);
  const models: ModelId[] = ['pixels', 'descriptor', ...(/^(run|vectors):/.test(model) ? [model] : [])];
  const rows: EvaluationRow[] = [];
  let queries = 0;
  for (const each of models) {
    const { queries: measured, ...measures } = await measure(dataset, each, searched, context);
    if (measured === 0) throw nothingToFind(dataset);
    queries = measured;
    rows.push({ model: each, ...measures });
  }
  return { heldOut: { by: searched.by, classes: searched.classes, items: searched.items.length }, queries, rows };
}

async function itemsToSearch(dataset: Dataset, model: ModelId): Promise<Searched> {
  const { codes } = dataset.items.label;
  const all = [...codes.keys()];
  let by: Searched['by'] = 'none';
  let chosen: readonly number[] = all;
  // Opened before anything is measured, so that an unknown model is told at once.
  (await openEmbedder(dataset, model)).dispose();
  if (model.startsWith('run:')) {
    const heldOut = await heldOutItems(dataset, model.slice('run:'.length));
    by = heldOut.by;
    chosen = [...heldOut.items];
  }
  const items = chosen.filter((item) => codes[item] >= 0);
  const labels = Int32Array.from(items, (item) => codes[item]);
  return { by, classes: new Set(labels).size, items, labels };
}

async function measure(
  dataset: Dataset,
  model: ModelId,
  { items, labels }: Searched,
  context: CallContext<Progress>,
): Promise<RetrievalResult> {
  const embedder = await openEmbedder(dataset, model);
  try {
    const rows = await rowsOf(dataset, model, embedder, items, context);
    throwIfCancelled(context.signal);
    const maxQueries = Math.max(FEWEST_QUERIES, Math.floor(MOST_WORK / (Math.max(1, items.length) * PIXEL_DIMS)));
    let meter: ProgressMeter | undefined;
    let before = 0;
    return await retrievalMeasures(rows, items.length, embedder.dims, labels, {
      maxQueries,
      signal: context.signal,
      report: (done, total) => {
        meter ??= new ProgressMeter(context.report, 'Searching', total, 'queries');
        meter.add(done - before);
        before = done;
      },
    });
  } finally {
    embedder.dispose();
  }
}

/** From the stored embedding where it fits, otherwise computed for these items alone. */
async function rowsOf(
  dataset: Dataset,
  model: ModelId,
  embedder: Embedder,
  items: readonly number[],
  context: CallContext<Progress>,
): Promise<Float32Array> {
  if (model.startsWith('vectors:')) {
    const embedding = await computeEmbedding(dataset, model, context); // Rows in the order of the items as they are now.
    const rows = new Float32Array(items.length * embedding.dims);
    items.forEach((item, i) => rows.set(embedding.row(item), i * embedding.dims));
    return rows;
  }
  const record = await readRecord(dataset.paths, embeddingId(model));
  if (record?.stamp === embedder.stamp && record.items === itemsDigest(dataset.items.hashes)) {
    const stored = await readNpyRows(record.file, items).catch(() => undefined);
    if (stored?.data instanceof Float32Array && stored.shape[1] === embedder.dims) return stored.data;
  }
  return embedItems(dataset, embedder, items, context);
}

function nothingToFind(dataset: Dataset): KindredError {
  return new KindredError(
    'bad-input',
    `No item of ${dataset.summary.name} can be measured: none has another of its class to find.`,
    {
      remedy: 'Label at least two images alike: put them into one folder, or give them one label in the manifest.',
    },
  );
}
