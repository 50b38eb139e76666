import { KindredError } from '../../rpc/errors';
import type { HostTensors, Specs } from '../engine/engine';
import { loadModel, type Model } from '../engine/inference';
import { dataDigest } from './digest';
import type { Embedder } from './embedder';
import type { ModelId } from '../types/embedding';
import { headEmbedder } from './headEmbedder';
import { normaliseRows } from './normalise';
import { textRunEmbedder } from './textRunEmbedder';

const BATCH = 64;

/**
 * A trained run's ONNX model: input `images` [batch, size, size, 3], float32, RGB 0..1; output `embeddings` [batch, dims]. That of a run
 * on features takes `vectors` [batch, features] instead, rows of the embedding that its metadata names.
 * @param bytes the model
 * @param file where it is from, for messages
 * @param openBase opens what makes the features
 */
export async function runEmbedder(
  bytes: Uint8Array,
  file: string,
  openBase: (model: ModelId) => Promise<Embedder>,
): Promise<Embedder> {
  const model = await open(bytes, file);
  try {
    if ('vectors' in model.inputs) {
      const base = model.metadata['features'] as ModelId;
      return await headEmbedder(model, { bytes, file, model: base, base: await openBase(base) });
    }
    if ('bags' in model.inputs || 'tokens' in model.inputs)
      return await textRunEmbedder(model, bytes, (what) => broken(file, what));
    const imageSize = imageSizeOf(model, file);
    const dims = (await embedBatch(model, new Float32Array(imageSize * imageSize * 3), 1, imageSize, file)).length;
    return {
      imageSize,
      dims,
      stamp: `run/1/${await dataDigest(bytes)}`,
      batch: BATCH,
      embed: (pixels, count) => embedPadded(model, pixels, count, imageSize, dims, file),
      dispose: () => void model.dispose(),
    };
  } catch (error) {
    void model.dispose();
    throw error;
  }
}

async function open(bytes: Uint8Array, file: string): Promise<Model> {
  try {
    return await loadModel(bytes);
  } catch (cause) {
    throw broken(file, 'cannot be loaded', cause);
  }
}

function imageSizeOf(model: Model, file: string): number {
  const inputs: Partial<Specs> = model.inputs;
  const [, height, width, channels] = inputs['images']?.shape ?? [];
  if (!(height > 0) || height !== width || channels !== 3)
    throw broken(file, 'does not take square RGB pictures by the name "images"');
  return height;
}

/** Always runs full batches, so that a row does not depend on how many pictures came with it. */
async function embedPadded(
  model: Model,
  pixels: Uint8Array,
  count: number,
  size: number,
  dims: number,
  file: string,
): Promise<Float32Array> {
  const picture = size * size * 3;
  const rows = new Float32Array(count * dims);
  for (let start = 0; start < count; start += BATCH) {
    const end = Math.min(start + BATCH, count);
    const images = new Float32Array(BATCH * picture);
    for (let i = start * picture, j = 0; i < end * picture; i++, j++) images[j] = pixels[i] / 255;
    const values = await embedBatch(model, images, BATCH, size, file);
    rows.set(values.subarray(0, (end - start) * dims), start * dims);
  }
  normaliseRows(rows, dims);
  return rows;
}

async function embedBatch(
  model: Model,
  images: Float32Array,
  count: number,
  size: number,
  file: string,
): Promise<Float32Array> {
  const outputs: Partial<HostTensors> = await model.run({ images: { shape: [count, size, size, 3], data: images } });
  const embeddings = outputs['embeddings'];
  if (embeddings?.shape.length !== 2 || embeddings.shape[0] !== count || !(embeddings.data instanceof Float32Array))
    throw broken(file, 'does not give one row an image by the name "embeddings"');
  if (!embeddings.data.every(Number.isFinite)) throw broken(file, 'gives values that are not finite');
  return embeddings.data;
}

function broken(file: string, what: string, cause?: unknown): KindredError {
  return new KindredError('bad-input', `The model ${file} ${what}.`, {
    remedy: 'Train the run again, or choose another one.',
    path: file,
    cause,
  });
}
