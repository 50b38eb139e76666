import { KindredError } from '../../rpc/errors';
import type { Dataset } from '../dataset/dataset';
import { files } from '../store/files';
import type { StorePaths } from '../store/paths';
import { readRecord, runPaths } from '../training/runStore';
import type { ModelId } from '../types/embedding';
import { DESCRIPTOR_DIMS, embedDescriptors } from './descriptor';
import { embedPixels, PIXEL_DIMS, SOURCE_SIZE } from './pixels';
import { runEmbedder } from './runEmbedder';
import { textDescriptor } from './textDescriptor';
import { vectorsEmbedder } from './vectorsEmbedder';

/** Turns pictures or texts into rows. */
export interface Embedder {
  /** Width and height of the pictures that it takes. */
  readonly imageSize: number;
  readonly dims: number;
  /** Names what makes the rows: the same stamp, the same rows. Raise the number when a formula changes. */
  readonly stamp: string;
  /** How many pictures to hand over at once. */
  readonly batch: number;
  /**
   * @param pixels `count` pictures, RGB, uint8, row-major NHWC
   * @returns `count` L2-normalised rows
   */
  embed(pixels: Uint8Array, count: number): Promise<Float32Array>;
  /** Set where it takes texts instead of pictures: one L2-normalised row each. */
  embedTexts?(texts: readonly string[]): Promise<Float32Array>;
  /** Set where rows are made from those of another embedding; `embed` then makes both. */
  readonly base?: {
    readonly model: ModelId;
    /** @returns `count` L2-normalised rows for as many of the base; a row of zeros stays one. */
    embedRows(rows: Float32Array, count: number): Promise<Float32Array>;
  };
  /** Set where rows are only stored and no others can be made: the reason why `missing` items have none. */
  refuse?(missing: number): KindredError;
  dispose(): void;
}

/** A batch takes the main thread about 10 ms. */
const DESCRIPTOR: Embedder = {
  imageSize: SOURCE_SIZE,
  dims: DESCRIPTOR_DIMS,
  stamp: 'descriptor/1',
  batch: 32,
  embed: (pixels, count) => Promise.resolve(embedDescriptors(pixels, count)),
  dispose: () => undefined,
};

const PIXELS: Embedder = {
  imageSize: SOURCE_SIZE,
  dims: PIXEL_DIMS,
  stamp: 'pixels/1',
  batch: 256,
  embed: (pixels, count) => Promise.resolve(embedPixels(pixels, count)),
  dispose: () => undefined,
};

/**
 * @throws KindredError `invalid-argument` for what is no model, `not-found` for a run that does not exist or has no model yet
 *   and for vectors that were never imported, `bad-input` with the path of a model that cannot be read
 */
export async function openEmbedder(dataset: Dataset, model: ModelId): Promise<Embedder> {
  const isText = dataset.summary.modality === 'text';
  if (model === 'descriptor') return isText ? textDescriptor(dataset) : DESCRIPTOR;
  if (model === 'pixels') {
    if (!isText) return PIXELS;
    throw new KindredError('invalid-argument', 'Texts have no pixels.', { remedy: 'Choose "descriptor" instead.' });
  }
  if (model.startsWith('vectors:')) return vectorsEmbedder(dataset.paths, model.slice('vectors:'.length));
  if (!model.startsWith('run:')) {
    throw new KindredError('invalid-argument', `"${model as string}" is no model.`, {
      remedy:
        'Give "descriptor", "pixels", "run:<name>" with the name of a run, or "vectors:<name>" of imported vectors.',
    });
  }
  const run = model.slice('run:'.length);
  const file = runPaths(dataset.paths, run).model;
  return runEmbedder(await readModel(dataset.paths, run, file), file, (base) => openEmbedder(dataset, base));
}

async function readModel(paths: StorePaths, run: string, file: string): Promise<Uint8Array> {
  try {
    return await files().readFile(file);
  } catch (cause) {
    await readRecord(paths, run); // Throws when there is no such run.
    throw new KindredError('not-found', `The run ${run} has no trained model yet.`, {
      remedy: 'Resume its training until it has learned something, or choose another run.',
      path: file,
      cause,
    });
  }
}
