import { type Data, type RecordBatch } from 'apache-arrow';
import type { CategoryColumn } from '../types/dataset';

type Numbers = Float64Array | Int32Array | BigUint64Array;

/** Gathers the columns of record batches into whole arrays. */
export class ColumnCollector {
  count = 0;
  private readonly text = new Map<string, string[]>();
  private readonly parts = new Map<string, Data[]>();

  /** Texts are decoded at once, batch by batch; numbers are copied when they are asked for. */
  add(batch: RecordBatch): void {
    this.count += batch.numRows;
    batch.schema.fields.forEach((field, i) => {
      const name = field.name;
      const data = batch.data.children[i];

      if (data.valueOffsets) decodeTexts(data, getOrMake(this.text, name));
      else getOrMake(this.parts, name).push(data);
    });
  }

  texts(name: string): string[] {
    const texts = this.text.get(name) ?? [];
    if (texts.length !== this.count) throw new Error(`Column ${name} is missing.`);
    return texts;
  }

  numbers<T extends Numbers>(name: string, into: T): T {
    let row = 0;
    for (const { values, length } of this.parts.get(name) ?? []) {
      if ((values as unknown)?.constructor !== into.constructor) throw new Error(`Column ${name} is of another type.`);
      into.set((values as T).subarray(0, length) as never, row);
      row += length;
    }
    if (row !== this.count) throw new Error(`Column ${name} is missing.`);
    return into;
  }

  categories(name: string): CategoryColumn {
    const codes = this.numbers(name, new Int32Array(this.count));
    const categories: string[] = [];
    let row = 0;
    for (const data of this.parts.get(name) ?? []) {
      if (row === 0) for (const part of textParts(data)) decodeTexts(part, categories);
      for (let i = 0; i < data.length; i++) if (!data.getValid(i)) codes[row + i] = -1;
      row += data.length;
    }
    return { name, categories, codes };
  }
}

function textParts(data: Data): readonly Data[] {
  return (data.dictionary?.data ?? []) as readonly Data[];
}

/** Appends the texts of a UTF-8 column. ASCII, the usual case, is decoded in one go and cut. */
function decodeTexts(data: Data, into: string[]): void {
  const offsets = data.valueOffsets as unknown as Int32Array;
  const values = data.values as Uint8Array;
  if (data.length === 0) return;
  const start = offsets[0];
  const bytes = Buffer.from(values.buffer, values.byteOffset + start, offsets[data.length] - start);
  const whole = bytes.toString('utf8');
  const isAscii = whole.length === bytes.length;
  for (let i = 0; i < data.length; i++) {
    const from = offsets[i] - start;
    const to = offsets[i + 1] - start;
    into.push(isAscii ? whole.slice(from, to) : bytes.toString('utf8', from, to));
  }
}

function getOrMake<T>(map: Map<string, T[]>, key: string): T[] {
  const known = map.get(key);
  if (known) return known;
  const made: T[] = [];
  map.set(key, made);
  return made;
}
