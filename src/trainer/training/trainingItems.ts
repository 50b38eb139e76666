import type { Dataset } from '../dataset/dataset';
import { ensurePixels, type PixelStore } from '../dataset/pixels';
import { pixelsOnDemand } from '../dataset/pixelsOnDemand';
import { openTexts } from '../dataset/texts';
import { embedItems } from '../embedding/compute';
import { openEmbedder } from '../embedding/embedder';
import type { Random } from '../random';
import { textEncoderOf } from '../text/textEncoder';
import type { FileProblem } from '../types/dataset';
import type { TrainingSettings } from '../types/training';
import { type BatchSource, BatchStream } from './batches';
import { BASELINE_SIZE, baselineRecall, type InputReader, type LabelledItems, pixelInputs } from './measure';
import { recallAt1 } from './recall';
import type { Sampler } from './sampler';
import { networkSettings } from './step';
import { EncodedTexts, TextBatches, textInputs } from './textInputs';

/** The items of a dataset as a training of a network reads them. */
export interface TrainingItems {
  readonly batches: BatchSource;
  readonly read: InputReader;
  readonly problems: () => readonly FileProblem[];
  /** Recall@1 without training: of raw pixels, or of the descriptors of texts. */
  baseline(measured: LabelledItems, signal: AbortSignal): Promise<number | undefined>;
  /** What must be closed in the end, the last first. */
  readonly closing: readonly (() => Promise<void>)[];
}

interface Wanted {
  readonly settings: TrainingSettings;
  readonly sampler: Sampler;
  /** Of the views. */
  readonly random: Random;
  /** Number of the first batch. */
  readonly first: number;
  readonly signal: AbortSignal;
}

/** Opens pixels or texts, by the kind of the dataset. */
export function trainingItems(dataset: Dataset, wanted: Wanted): Promise<TrainingItems> {
  return dataset.summary.modality === 'text' ? ofTexts(dataset, wanted) : ofPictures(dataset, wanted);
}

async function ofPictures(
  dataset: Dataset,
  { settings, sampler, random, first, signal }: Wanted,
): Promise<TrainingItems> {
  const pixels = await pixelsOnDemand(dataset, settings.imageSize, signal);
  const batches = new BatchStream({ sampler, pixels, augmentation: settings.augmentation, random }, first);
  return {
    batches,
    read: pixelInputs(pixels),
    problems: () => pixels.problems,
    baseline: (measured) => baselineOfPixels(dataset, pixels, measured, signal),
    closing: [() => pixels.close(), () => batches.close()],
  };
}

async function ofTexts(dataset: Dataset, { settings, sampler, random, first, signal }: Wanted): Promise<TrainingItems> {
  const store = await openTexts(dataset, signal);
  const texts = new EncodedTexts(store, textEncoderOf(networkSettings(settings).model));
  const batches = new TextBatches({ sampler, texts, augmentation: settings.augmentation, random }, first);
  return {
    batches,
    read: textInputs(texts),
    problems: () => store.problems,
    baseline: async ({ items, labels }) => {
      const embedder = await openEmbedder(dataset, 'descriptor');
      const rows = await embedItems(dataset, embedder, [...items], { signal, report: () => undefined });
      return recallAt1(rows, embedder.dims, labels, signal);
    },
    closing: [() => batches.close()],
  };
}

/** What raw pixels reach on the items that the run is measured on. */
async function baselineOfPixels(
  dataset: Dataset,
  pixels: PixelStore,
  { items, labels }: LabelledItems,
  signal: AbortSignal,
): Promise<number | undefined> {
  if (pixels.size === BASELINE_SIZE) return baselineRecall(pixels, items, labels, signal);
  const store = await ensurePixels(dataset, BASELINE_SIZE, { signal, report: () => undefined });
  try {
    return await baselineRecall(store, items, labels, signal);
  } finally {
    await store.close();
  }
}
