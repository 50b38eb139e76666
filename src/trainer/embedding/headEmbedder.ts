import { KindredError } from '../../rpc/errors';
import type { HostTensors } from '../engine/engine';
import type { Model } from '../engine/inference';
import type { ModelId } from '../types/embedding';
import { dataDigest } from './digest';
import type { Embedder } from './embedder';
import { normaliseRows } from './normalise';

const BATCH = 256;

interface Head {
  readonly bytes: Uint8Array;
  readonly file: string;
  /** What makes the features. */
  readonly model: ModelId;
  readonly base: Embedder;
}

/**
 * A head that was trained on the features of an embedding: the base makes the features, the head makes the rows of them.
 * @param model takes `vectors`; it and the base are disposed of with the embedder.
 * @throws KindredError `bad-input` when the base makes other features than those that the head was trained on
 */
export async function headEmbedder(model: Model, { bytes, file, model: baseModel, base }: Head): Promise<Embedder> {
  try {
    checkBase(model, { file, model: baseModel, base });
    const probe = await runHead(model, new Float32Array(BATCH * base.dims), base.dims, file);
    const dims = probe.length / BATCH;
    const embedRows = (rows: Float32Array, count: number): Promise<Float32Array> =>
      embedPadded(model, rows, { count, inputs: base.dims, dims, file });
    return {
      imageSize: base.imageSize,
      dims,
      stamp: `run/1/${await dataDigest(bytes)}/${base.stamp}`,
      batch: base.batch,
      embed: async (pixels, count) => embedRows(await base.embed(pixels, count), count),
      base: { model: baseModel, embedRows },
      dispose: () => {
        base.dispose();
        void model.dispose();
      },
    };
  } catch (error) {
    base.dispose();
    throw error;
  }
}

/** Imported vectors may have got new rows since; whoever imports them under the same name says that they are the same. */
function checkBase(model: Model, { file, model: baseModel, base }: Omit<Head, 'bytes'>): void {
  const { featuresStamp, vectorSize } = model.metadata as Partial<Record<string, string>>;
  const isSame = baseModel.startsWith('vectors:') || featuresStamp === undefined || featuresStamp === base.stamp;
  if (isSame && Number(vectorSize) === base.dims) return;
  throw new KindredError('bad-input', `The model ${file} was trained on other features than ${baseModel} has now.`, {
    remedy: `Train it again on ${baseModel}.`,
    path: file,
  });
}

interface Shape {
  readonly count: number;
  readonly inputs: number;
  readonly dims: number;
  readonly file: string;
}

/** Always runs full batches, so that a row does not depend on how many came with it. */
async function embedPadded(
  model: Model,
  rows: Float32Array,
  { count, inputs, dims, file }: Shape,
): Promise<Float32Array> {
  const embedded = new Float32Array(count * dims);
  for (let start = 0; start < count; start += BATCH) {
    const end = Math.min(start + BATCH, count);
    const vectors = new Float32Array(BATCH * inputs);
    vectors.set(rows.subarray(start * inputs, end * inputs));
    const values = await runHead(model, vectors, inputs, file);
    embedded.set(values.subarray(0, (end - start) * dims), start * dims);
  }
  normaliseRows(embedded, dims);
  for (let i = 0; i < count; i++)
    if (isZero(rows.subarray(i * inputs, (i + 1) * inputs))) embedded.fill(0, i * dims, (i + 1) * dims);
  return embedded;
}

/** Of a picture of which nothing can be said. */
function isZero(row: Float32Array): boolean {
  return row.every((value) => value === 0);
}

async function runHead(model: Model, vectors: Float32Array, inputs: number, file: string): Promise<Float32Array> {
  const outputs: Partial<HostTensors> = await model.run({ vectors: { shape: [BATCH, inputs], data: vectors } });
  const embeddings = outputs['embeddings'];
  if (embeddings?.data instanceof Float32Array && embeddings.data.every(Number.isFinite)) return embeddings.data;
  throw new KindredError('bad-input', `The model ${file} does not give one row of numbers a vector.`, {
    remedy: 'Train the run again, or choose another one.',
    path: file,
  });
}
