import type { Model } from '../engine/inference';
import type { HostTensor, HostTensors } from '../engine/engine';
import { type TextEncoder, textEncoderOf } from '../text/textEncoder';
import type { ModelSettings } from '../types/training';
import { dataDigest } from './digest';
import type { Embedder } from './embedder';
import { normaliseRows } from './normalise';

const BATCH = 32;

/** Thrown with what is wrong with the model's file. */
export type Broken = (what: string) => Error;

/** A run's model that takes texts: `bags` of n-grams or `tokens`, as its metadata says under "textModel". */
export async function textRunEmbedder(model: Model, bytes: Uint8Array, broken: Broken): Promise<Embedder> {
  const encoder = encoderOf(model, broken);
  const input = 'bags' in model.inputs ? 'bags' : 'tokens';
  const embedTexts = async (texts: readonly string[]): Promise<Float32Array> => {
    const made: Float32Array[] = [];
    for (let start = 0; start < texts.length; start += BATCH) {
      const some = texts.slice(start, start + BATCH);
      made.push((await embedBatch(model, input, encoded(encoder, some), broken)).slice(0, some.length * dims));
    }
    const rows = new Float32Array(texts.length * dims);
    made.reduce((at, part) => (rows.set(part, at), at + part.length), 0);
    normaliseRows(rows, dims);
    return rows;
  };
  const dims = (await embedBatch(model, input, encoded(encoder, []), broken)).length / BATCH;
  return {
    imageSize: 0,
    dims,
    stamp: `run/1/${await dataDigest(bytes)}`,
    batch: BATCH,
    embed: () => Promise.reject(new TypeError('Texts have no pixels.')),
    embedTexts,
    dispose: () => void model.dispose(),
  };
}

function encoderOf(model: Model, broken: Broken): TextEncoder {
  try {
    return textEncoderOf(JSON.parse(model.metadata['textModel'] ?? '') as ModelSettings);
  } catch {
    throw broken('does not say how texts become its inputs');
  }
}

/** Always full batches, so that a row does not depend on how many texts came with it. */
function encoded(encoder: TextEncoder, texts: readonly string[]): HostTensor {
  const { length, dtype } = encoder;
  const data = dtype === 'int32' ? new Int32Array(BATCH * length) : new Float32Array(BATCH * length);
  texts.forEach((text, i) => encoder.encode(text).write(data, i * length));
  return { shape: [BATCH, length], data };
}

async function embedBatch(model: Model, input: string, values: HostTensor, broken: Broken): Promise<Float32Array> {
  const outputs: Partial<HostTensors> = await model.run({ [input]: values });
  const { data } = outputs['embeddings'] ?? {};
  if (!(data instanceof Float32Array) || data.length % BATCH !== 0)
    throw broken('does not give one row a text by the name "embeddings"');
  if (!data.every(Number.isFinite)) throw broken('gives values that are not finite');
  return data;
}
