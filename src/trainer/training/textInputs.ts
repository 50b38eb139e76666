import type { TextStore } from '../dataset/texts';
import type { Random } from '../random';
import { breathe } from '../store/slices';
import type { EncodedText, TextEncoder } from '../text/textEncoder';
import { viewOf } from '../text/textView';
import type { AugmentationSettings } from '../types/training';
import { type Batch, type BatchSource, emptyInputs } from './batches';
import type { InputReader } from './measure';
import type { Sampler } from './sampler';

/** Encoded texts are kept until they take so many numbers. */
const MOST_NUMBERS = 2 ** 25;
/** Texts encoded in a row before other requests are answered. */
const AT_ONCE = 16;

/** Encodes the texts of items, each once while there is memory for it. */
export class EncodedTexts {
  private readonly kept = new Map<number, EncodedText>();
  private numbers = 0;

  constructor(
    private readonly texts: TextStore,
    readonly encoder: TextEncoder,
  ) {}

  async read(items: ArrayLike<number>): Promise<EncodedText[]> {
    const missing = [...new Set(Array.from(items))].filter((item) => !this.kept.has(item));
    const made = new Map<number, EncodedText>();
    for (let start = 0; start < missing.length; start += AT_ONCE) {
      const some = missing.slice(start, start + AT_ONCE);
      (await this.texts.read(some)).forEach((text, i) => this.keep(some[i], this.encoder.encode(text), made));
      await breathe();
    }
    return Array.from(items, (item) => made.get(item) ?? this.kept.get(item)!);
  }

  private keep(item: number, encoded: EncodedText, made: Map<number, EncodedText>): void {
    made.set(item, encoded);
    this.numbers += encoded.size;
    if (this.numbers <= MOST_NUMBERS) this.kept.set(item, encoded);
  }
}

/** Whole texts, as a network is measured on them. */
export function textInputs(texts: EncodedTexts): InputReader {
  return async (items) => {
    const values = emptyInputs({ shape: [texts.encoder.length], dtype: texts.encoder.dtype }, items.length);
    (await texts.read(items)).forEach((text, i) => text.write(values, i * texts.encoder.length));
    return values;
  };
}

interface TextBatchSettings {
  readonly sampler: Sampler;
  readonly texts: EncodedTexts;
  readonly augmentation: AugmentationSettings;
  readonly random: Random;
}

/** Batches of views of texts by number; batch n is the same whatever came before. One is made while the step before it is computed. */
export class TextBatches implements BatchSource {
  private ahead: Promise<Batch> | undefined;
  private closed = false;

  /** @param nextNumber number of the first batch that `next` gives. */
  constructor(
    private readonly settings: TextBatchSettings,
    private nextNumber: number,
  ) {}

  prefetch(): void {
    this.ahead ??= this.make(this.nextNumber++);
    // A failure is told to whoever asks for this batch.
    this.ahead.catch(() => undefined);
  }

  async next(): Promise<Batch> {
    this.prefetch();
    const batch = await this.ahead!;
    this.ahead = undefined;
    if (!this.closed) this.prefetch();
    return batch;
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.ahead?.catch(() => undefined);
  }

  private async make(number: number): Promise<Batch> {
    const { augmentation, random, sampler, texts } = this.settings;
    const { items, ...rest } = sampler.batch(number);
    const own = random.fork(`augmentation ${number}`);
    const view = { crop: augmentation.crop, dropWords: augmentation.dropWords ?? 0 };
    const values = emptyInputs({ shape: [texts.encoder.length], dtype: texts.encoder.dtype }, items.length);
    (await texts.read(items)).forEach((text, i) =>
      text.write(values, i * texts.encoder.length, viewOf(text.words, view, own)),
    );
    return { values, ...rest };
  }
}
