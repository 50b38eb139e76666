import { KindredError } from '../../rpc/errors';
import type { ModelSettings } from '../types/training';
import { ngramsOfWords } from './ngrams';
import { MOST_CHARACTERS } from './words';

/** A text cut into the units of which views leave some out. */
export interface EncodedText {
  readonly words: number;
  /** How much memory it takes, in numbers. */
  readonly size: number;
  /**
   * Writes what the network takes, at `start` of numbers that are 0.
   * @param kept places of the words that are seen, ascending; all when not given
   */
  write(into: Float32Array | Int32Array, start: number, kept?: ArrayLike<number>): void;
}

/** Makes of texts what a network takes. The same text and settings, the same numbers. */
export interface TextEncoder {
  /** Numbers of one text. */
  readonly length: number;
  readonly dtype: 'float32' | 'int32';
  encode(text: string): EncodedText;
}

const NGRAMS = { characters: true, pairs: true } as const;

/** @throws KindredError `invalid-argument` for a model that does not take texts */
export function textEncoderOf(model: ModelSettings): TextEncoder {
  switch (model.kind) {
    case 'ngram-bag':
      return bagEncoder(model.buckets);
    case 'text-convnet':
      return byteEncoder(model.length);
    default:
      throw new KindredError('invalid-argument', `The model "${model.kind}" does not take texts.`, {
        remedy: 'Choose the model "ngram-bag" or "text-convnet", or train a head on features.',
      });
  }
}

/** Weights (1 + ln tf) of the n-grams in their buckets, of sum 1. */
function bagEncoder(buckets: number): TextEncoder {
  return {
    length: buckets,
    dtype: 'float32',
    encode: (text) => {
      const words = ngramsOfWords(text, NGRAMS).map((hashes) => Uint32Array.from(hashes, (hash) => hash % buckets));
      const size = words.reduce((sum, { length }) => sum + length, 0);
      return {
        words: words.length,
        size,
        write: (into, start, kept) => {
          const counts = new Map<number, number>();
          const add = (word: Uint32Array): void => {
            for (const bucket of word) counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
          };
          if (kept === undefined) words.forEach(add);
          else for (const at of Array.from(kept)) add(words[at]);
          let sum = 0;
          for (const count of counts.values()) sum += 1 + Math.log(count);
          for (const [bucket, count] of counts) into[start + bucket] = (1 + Math.log(count)) / sum;
        },
      };
    },
  };
}

/** UTF-8 bytes from 1, as many as there is room for. */
function byteEncoder(length: number): TextEncoder {
  const write = (text: string, into: Float32Array | Int32Array, start: number): void => {
    const bytes = Buffer.from(text.slice(0, length));
    for (let i = 0; i < Math.min(length, bytes.length); i++) into[start + i] = bytes[i] + 1;
  };
  return {
    length,
    dtype: 'int32',
    encode: (text) => {
      const words = text.slice(0, MOST_CHARACTERS).normalize('NFKC').trim().split(/\s+/);
      const whole = words.join(' ');
      return {
        words: words.length,
        size: 2 * whole.length,
        write: (into, start, kept) =>
          write(kept === undefined ? whole : Array.from(kept, (at) => words[at]).join(' '), into, start),
      };
    },
  };
}
