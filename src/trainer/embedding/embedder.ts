import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { KindredError } from '../../rpc/errors';
import type { Dataset } from '../dataset/dataset';
import type { ModelId } from '../types/embedding';
import { DESCRIPTOR_DIMS, embedDescriptors } from './descriptor';
import { isSafeName } from './embedding';
import { embedPixels, PIXEL_DIMS, SOURCE_SIZE } from './pixels';
import { runEmbedder } from './runEmbedder';

/** Turns pictures into rows. */
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
 * @throws KindredError `invalid-argument` for what is no model, `not-found` for a run that does not exist or has no model yet,
 *   `bad-input` with the path of a model that cannot be read
 */
export async function openEmbedder(dataset: Pick<Dataset, 'paths'>, model: ModelId): Promise<Embedder> {
  if (model === 'descriptor') return DESCRIPTOR;
  if (model === 'pixels') return PIXELS;
  const run = model.startsWith('run:') ? model.slice('run:'.length) : '';
  if (!isSafeName(run)) {
    throw new KindredError('invalid-argument', `"${String(model)}" is no model.`, {
      remedy: 'Give "descriptor", "pixels", or "run:<name>" with the name of a run.',
    });
  }
  const file = join(dataset.paths.runs, run, 'model.onnx');
  return runEmbedder(await readModel(file, run), file);
}

async function readModel(file: string, run: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new KindredError('not-found', `There is no trained model of a run "${run}".`, {
      remedy: 'Choose another run, or train this one to its first checkpoint ("Train Embedding Model", kindred train).',
      path: file,
      cause,
    });
  }
}
