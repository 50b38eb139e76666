import type { CallContext, Handlers } from '../rpc/rpc';
import { findClusters } from './clusters/findClusters';
import { applyDecisions, listBatches, planApply, restoreBatch } from './curation/apply';
import { decisionState, recordVerdicts } from './curation/decisions';
import { findDuplicates } from './curation/duplicates';
import { openJournal } from './curation/journal';
import { excerpts } from './dataset/excerpts';
import { labelColumnsOf } from './dataset/labelColumns';
import { itemColumns } from './dataset/itemColumns';
import { searchItems } from './dataset/search';
import { searchableTexts } from './dataset/searchableTexts';
import { thumbnails } from './dataset/thumbnails';
import { computeEmbedding } from './embedding/compute';
import { listEmbeddings } from './embedding/embedding';
import { importVectors } from './embedding/importVectors';
import { forgetTrials } from './engine/devices/trials';
import { selectEngine } from './engine/select';
import { installTensorflow, removeTensorflow } from './engine/tensorflow/install/installTensorflow';
import { tensorflowOffers } from './engine/tensorflow/install/offers';
import { wishFrom } from './engine/wish';
import { evaluate } from './evaluation/evaluate';
import { writeReport } from './evaluation/report/writeReport';
import { nearestOfMany, neighbourGraph } from './neighbours/exact';
import { hashNeighbours } from './neighbours/hashNeighbours';
import { project } from './projection/project';
import { projectionQuality } from './projectionQuality/projectionQuality';
import type { DatasetRef, TrainerProtocol } from './protocol';
import { OpenDatasets } from './service/openDatasets';
import { configurationProblems, problemsIn } from './training/configuration';
import { controlRun } from './training/controlRun';
import { exportRun } from './training/exportRun';
import { readProbes } from './training/probeStore';
import { resumeRun, trainRun } from './training/run';
import { deleteRun, listRuns, readMetrics } from './training/runStore';
import { suggestTraining } from './training/suggest';
import { readSuspects } from './training/suspects/suspectStore';

type Group<Prefix extends string> = Pick<
  Handlers<TrainerProtocol>,
  Extract<keyof TrainerProtocol, `${Prefix}.${string}`>
>;

/** Everything that can be asked of the trainer, by whoever asks: the extension's process or the command line. */
export function createService(): Handlers<TrainerProtocol> {
  const open = new OpenDatasets();
  return {
    ...datasetHandlers(open),
    ...trainingHandlers(open),
    ...engineHandlers(),
    ...embeddingHandlers(open),
    ...curationHandlers(open),
  };
}

function datasetHandlers(open: OpenDatasets): Group<'dataset'> {
  return {
    'dataset.open': async ({ ref, manifest }, context) =>
      (await open.open(ref, manifest === undefined ? {} : { manifest }, context)).summary,
    'dataset.overview': async ({ dataset: ref }) => {
      const dataset = await open.get(ref);
      const [runs, embeddings, batches] = await Promise.all([
        listRuns(dataset.paths),
        listEmbeddings(dataset),
        listBatches(dataset.paths),
      ]);
      return { summary: dataset.summary, runs, embeddings, batches };
    },
    'dataset.columns': async ({ dataset }) => itemColumns(await open.get(dataset)),
    'dataset.labelColumns': async ({ dataset }) => labelColumnsOf(await open.get(dataset)),
    'dataset.items': async ({ dataset: ref, items }) => {
      const dataset = await open.get(ref);
      return items.map((item) => dataset.detail(item));
    },
    'dataset.search': async ({ dataset: ref, text, inTexts = false }, { signal }) => {
      const dataset = await open.get(ref);
      return searchItems(dataset.items, text, signal, inTexts ? await searchableTexts(dataset) : undefined);
    },
    'dataset.thumbnails': async ({ dataset: ref, items, size }) => {
      const dataset = await open.get(ref);
      return dataset.summary.modality === 'text' ? excerpts(dataset, items, size) : thumbnails(dataset, items, size);
    },
  };
}

function trainingHandlers(open: OpenDatasets): Group<'training'> {
  return {
    'training.suggest': async ({ dataset, ...wish }) => suggestTraining(await open.get(dataset), wish),
    'training.check': async ({ dataset, settings }) => problemsIn(await open.get(dataset), settings),
    'training.checkFile': async ({ dataset, text }) => configurationProblems(await open.get(dataset), text),
    'training.run': async ({ dataset, settings }, context) => trainRun(await open.get(dataset), settings, context),
    'training.resume': async ({ dataset, run }, context) => resumeRun(await open.get(dataset), run, context),
    'training.control': async ({ dataset, run, action }, { signal }) => {
      await controlRun((await open.get(dataset)).paths, run, action, signal);
      return null;
    },
    'training.metrics': async ({ dataset, run }) => readMetrics((await open.get(dataset)).paths, run),
    'training.probes': async ({ dataset, run }) => readProbes(await open.get(dataset), run),
    'training.export': async ({ dataset, run, file }) => exportRun(await open.get(dataset), run, file),
    'training.suspects': async ({ dataset, run }) => readSuspects(await open.get(dataset), run),
    'training.delete': async ({ dataset, run }) => {
      await deleteRun((await open.get(dataset)).paths, run);
      return null;
    },
  };
}

function engineHandlers(): Group<'engine'> {
  return {
    'engine.devices': async ({ again }, context) => {
      if (again) forgetTrials();
      return (await selectEngine(wishFrom(), context)).report;
    },
    'engine.offers': () => tensorflowOffers(),
    'engine.install': ({ source }, context) => installTensorflow(source, context),
    'engine.remove': () => removeTensorflow(),
  };
}

function embeddingHandlers(
  open: OpenDatasets,
): Group<'embedding'> & Group<'evaluation'> & Group<'neighbours'> & Group<'projection'> & Group<'clusters'> {
  return {
    'embedding.compute': async ({ dataset, model }, context) => {
      const { summary } = await computeEmbedding(await open.get(dataset), model, context);
      open.forgetEmbedding(dataset);
      return summary;
    },
    'embedding.import': async ({ dataset, name, file }, context) => {
      const { summary } = await importVectors(await open.get(dataset), name, file, context);
      open.forgetEmbedding(dataset);
      return summary;
    },
    'evaluation.run': async ({ dataset, model, ...options }, context) =>
      evaluate(await open.get(dataset), model, context, options),
    'evaluation.write': async ({ dataset, report, file }) => writeReport(await open.get(dataset), report, file),
    'neighbours.of': async ({ dataset, embedding, item, k }, { signal }) =>
      nearestOfMany(await open.embedding(dataset, embedding), item, k, signal),
    'neighbours.graph': async ({ dataset, embedding, k }, context) =>
      neighbourGraph(await open.get(dataset), await open.embedding(dataset, embedding), k, context),
    'neighbours.hashes': async ({ dataset, k }, context) =>
      hashNeighbours((await open.get(dataset)).items.perceptualHashes, k, context),
    'projection.run': async ({ dataset, embedding, settings, anew }, context) =>
      project(await open.get(dataset), await open.embedding(dataset, embedding), settings, context, anew),
    'clusters.find': async ({ dataset, embedding, settings }, context) =>
      findClusters(await open.get(dataset), await open.embedding(dataset, embedding), settings, context),
    'projection.quality': async ({ dataset, embedding, settings, k }, context) =>
      projectionQuality(await open.get(dataset), await open.embedding(dataset, embedding), settings, context, k),
  };
}

function curationHandlers(open: OpenDatasets): Group<'duplicates'> & Group<'decisions'> & Group<'apply'> {
  const state = async (ref: DatasetRef): ReturnType<typeof decisionState> => {
    const dataset = await open.get(ref);
    return decisionState(dataset, openJournal(dataset.paths));
  };
  const journal = async (ref: DatasetRef): Promise<ReturnType<typeof openJournal>> =>
    openJournal((await open.get(ref)).paths);
  return {
    'duplicates.find': async ({ dataset: ref, settings }, context) =>
      findDuplicates(await open.get(ref), settings, await state(ref), context),
    'decisions.state': ({ dataset }) => state(dataset),
    'decisions.record': async ({ dataset, verdicts }) =>
      recordVerdicts(await open.get(dataset), await journal(dataset), verdicts),
    'decisions.undo': async ({ dataset }) => {
      await (await journal(dataset)).undo();
      return state(dataset);
    },
    'apply.plan': async ({ dataset }) => planApply(await open.get(dataset), await state(dataset)),
    'apply.run': ({ dataset }, context) =>
      movingFiles(open, dataset, context, async () =>
        applyDecisions(await open.get(dataset), await state(dataset), context),
      ),
    'apply.restore': ({ dataset, batch }, context) =>
      movingFiles(open, dataset, context, async () => restoreBatch(await open.get(dataset), batch, context)),
  };
}

/**
 * Whatever became of the move, cut short too, the item table must tell what is there now. When nothing usable is left, the
 * report of the move still counts; opening the dataset tells why it cannot be opened.
 */
async function movingFiles<Report>(
  open: OpenDatasets,
  ref: DatasetRef,
  context: CallContext<TrainerProtocol['apply.run']['progress']>,
  move: () => Promise<Report>,
): Promise<Report> {
  try {
    return await move();
  } finally {
    await open.reopen(ref, { signal: new AbortController().signal, report: context.report }).catch(() => undefined);
  }
}
