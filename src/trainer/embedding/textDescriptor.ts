import { join } from 'node:path';
import type { Dataset } from '../dataset/dataset';
import { openTexts } from '../dataset/texts';
import { readNpy, writeNpy } from '../store/npy';
import { breathe } from '../store/slices';
import { ngramsOfWords } from '../text/ngrams';
import { mix } from '../text/textHash';
import { dataDigest } from './digest';
import type { Embedder } from './embedder';
import { normaliseRange } from './normalise';

export const TEXT_DESCRIPTOR_DIMS = 512;
/** Places in which the frequencies of n-grams are counted. */
const BUCKETS = 1 << 16;
/** Numbers of a row to which each n-gram adds, half of them with the other sign on average. */
const PLACES = 4;
const NGRAMS = { characters: true, pairs: true } as const;
const TEXTS_AT_ONCE = 64;
const BATCH = 16;

/**
 * Texts in 512 numbers, useful before anything is trained: TF-IDF of words, pairs of words and 3- to 5-grams of characters, hashed, and reduced by
 * a sparse random projection (count sketch), which keeps cosines within about 0.04:
 *
 *   normalise( sum over n-grams of (1 + ln tf) idf sketch(n-gram) ),  idf = ln((1 + texts) / (1 + texts with it)) + 1
 *
 * How many texts have an n-gram is counted once, and kept in the store, so that rows stay what they are when some texts go or come.
 */
export async function textDescriptor(dataset: Dataset): Promise<Embedder> {
  const frequencies = await frequenciesOf(dataset);
  return {
    imageSize: 0,
    dims: TEXT_DESCRIPTOR_DIMS,
    stamp: `text-descriptor/1/${await dataDigest(new Uint8Array(frequencies.buffer))}`,
    batch: BATCH,
    embed: () => Promise.reject(new TypeError('Texts have no pixels.')),
    embedTexts: (texts) => Promise.resolve(describeTexts(texts, frequencies)),
    dispose: () => undefined,
  };
}

/** Weights of the n-grams by bucket. */
async function frequenciesOf(dataset: Dataset): Promise<Float32Array> {
  const file = join(dataset.paths.embeddings, 'descriptor.idf.npy');
  const kept = await readNpy(file).catch(() => undefined);
  if (kept?.data instanceof Float32Array && kept.data.length === BUCKETS) return kept.data;
  const counts = new Uint32Array(BUCKETS);
  const store = await openTexts(dataset);
  const { count } = dataset.items;
  for (let start = 0; start < count; start += TEXTS_AT_ONCE) {
    const items = Array.from({ length: Math.min(TEXTS_AT_ONCE, count - start) }, (_, i) => start + i);
    for (const [i, text] of (await store.read(items)).entries()) {
      for (const bucket of new Set(ngramsOfWords(text, NGRAMS).flat().map(bucketOf))) counts[bucket]++;
      if (i % BATCH === BATCH - 1) await breathe();
    }
  }
  const weights = Float32Array.from(counts, (texts) => Math.log((1 + count) / (1 + texts)) + 1);
  await writeNpy(file, { data: weights, shape: [BUCKETS] });
  return weights;
}

function bucketOf(hash: number): number {
  return hash & (BUCKETS - 1);
}

/** L2-normalised rows; a text without a word has zeros. @param idf weight of each bucket */
export function describeTexts(texts: readonly string[], idf: Float32Array): Float32Array {
  const rows = new Float32Array(texts.length * TEXT_DESCRIPTOR_DIMS);
  texts.forEach((text, i) => {
    const counts = new Map<number, number>();
    for (const hash of ngramsOfWords(text, NGRAMS).flat()) counts.set(hash, (counts.get(hash) ?? 0) + 1);
    const start = i * TEXT_DESCRIPTOR_DIMS;
    for (const [hash, count] of counts) {
      const weight = (1 + Math.log(count)) * idf[bucketOf(hash)];
      let draw = hash;
      for (let place = 0; place < PLACES; place++) {
        draw = mix(draw + 0x9e3779b9);
        rows[start + (draw >>> 23)] += draw & 1 ? weight : -weight;
      }
    }
    normaliseRange(rows, start, start + TEXT_DESCRIPTOR_DIMS);
  });
  return rows;
}
