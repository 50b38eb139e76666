import {
  Dictionary,
  Field,
  Float64,
  Int32,
  makeData,
  makeVector,
  RecordBatch,
  RecordBatchFileWriter,
  RecordBatchReader,
  Schema,
  Struct,
  Uint64,
  Utf8,
  type Data,
} from 'apache-arrow';
import { KindredError } from '../../rpc/errors';
import { breathe } from '../store/slices';
import type { CategoryColumn } from '../types/dataset';
import { ColumnCollector } from './arrowColumns';
import { type ItemTable } from './itemTable';

/** Rows in a record batch: few enough that building or reading one is no noticeable stretch of work. */
const BATCH_ROWS = 8192;
const METADATA = 'metadata.';
const VERSION = '1';

/**
 * The item table as an Arrow IPC file ("Feather v2"), uncompressed. Columns: path, hash, label and split (dictionaries, null
 * where an item has none), bytes, modified (milliseconds since 1970), width, height, perceptual_hash (uint64), and
 * `metadata.<name>` for each metadata column. The schema's metadata has the version and the fingerprint.
 */
export async function encodeItems(table: ItemTable): Promise<Uint8Array> {
  const label = dictionaryOf(table.label, 0);
  const split = dictionaryOf(table.split, 1);
  const writer = new RecordBatchFileWriter();
  let schema: Schema | undefined;
  for (let from = 0; from === 0 || from < table.count; from += BATCH_ROWS) {
    const to = Math.min(from + BATCH_ROWS, table.count);
    const columns: Record<string, Data> = {
      path: textData(table.paths, from, to),
      hash: textData(table.hashes, from, to),
      label: categoryData(table.label, label, from, to),
      split: categoryData(table.split, split, from, to),
      bytes: makeData({ type: new Float64(), data: table.bytes.subarray(from, to) }),
      modified: makeData({ type: new Float64(), data: table.modified.subarray(from, to) }),
      width: makeData({ type: new Int32(), data: table.widths.subarray(from, to) }),
      height: makeData({ type: new Int32(), data: table.heights.subarray(from, to) }),
      perceptual_hash: makeData({ type: new Uint64(), data: table.perceptualHashes.subarray(from, to) }),
    };
    for (const column of table.metadata) columns[METADATA + column.name] = textData(column.values, from, to);
    schema ??= schemaOf(columns, table.fingerprint);
    const children = Object.values(columns);
    const data = makeData({ type: new Struct(schema.fields), length: to - from, nullCount: 0, children });
    writer.write(new RecordBatch(schema, data));
    await breathe();
  }
  return writer.finish().toUint8Array(true);
}

/** @throws KindredError `bad-input` when these are not the bytes of an item table. */
export async function decodeItems(bytes: Uint8Array, path: string): Promise<ItemTable> {
  try {
    return await decode(bytes);
  } catch (error) {
    throw new KindredError('bad-input', `The item table ${path} is damaged or of another version of Kindred.`, {
      remedy: 'Open the dataset again; its files are read anew, and no decision is lost.',
      path,
      cause: error,
    });
  }
}

type Dictionary32 = Dictionary<Utf8, Int32>;

function dictionaryOf(column: CategoryColumn, id: number): { type: Dictionary32; data: Data<Utf8> } {
  return {
    type: new Dictionary(new Utf8(), new Int32(), id),
    data: textData(column.categories, 0, column.categories.length),
  };
}

function categoryData(
  column: CategoryColumn,
  dictionary: ReturnType<typeof dictionaryOf>,
  from: number,
  to: number,
): Data<Dictionary32> {
  const codes = column.codes.slice(from, to);
  const valid = new Uint8Array(Math.ceil(codes.length / 8));
  let nulls = 0;
  for (let i = 0; i < codes.length; i++) {
    if (codes[i] >= 0) {
      valid[i >> 3] |= 1 << (i & 7);
      continue;
    }
    codes[i] = 0;
    nulls++;
  }
  const nullBitmap = nulls === 0 ? null : valid;
  return makeData({
    type: dictionary.type,
    data: codes,
    nullCount: nulls,
    nullBitmap,
    dictionary: makeVector(dictionary.data),
  });
}

function textData(texts: readonly string[], from: number, to: number): Data<Utf8> {
  const slice = texts.slice(from, to);
  const data = Buffer.from(slice.join(''));
  const valueOffsets = new Int32Array(slice.length + 1);
  for (let i = 0; i < slice.length; i++) valueOffsets[i + 1] = valueOffsets[i] + Buffer.byteLength(slice[i]);
  return makeData({ type: new Utf8(), length: slice.length, nullCount: 0, valueOffsets, data });
}

function schemaOf(columns: Readonly<Record<string, Data>>, fingerprint: string): Schema {
  const fields = Object.entries(columns).map(([name, data]) => new Field(name, data.type, true));
  return new Schema(
    fields,
    new Map([
      ['kindred.version', VERSION],
      ['kindred.fingerprint', fingerprint],
    ]),
  );
}

async function decode(bytes: Uint8Array): Promise<ItemTable> {
  const reader = RecordBatchReader.from(bytes).open();
  const { metadata, fields } = reader.schema; // Reading to the end closes the reader and takes its schema away.
  const columns = new ColumnCollector();
  for (const batch of reader) {
    columns.add(batch);
    await breathe();
  }
  if (metadata.get('kindred.version') !== VERSION) throw new Error('Unknown version.');
  const names = fields.map((field) => field.name).filter((name) => name.startsWith(METADATA));
  return {
    count: columns.count,
    paths: columns.texts('path'),
    hashes: columns.texts('hash'),
    label: columns.categories('label'),
    split: columns.categories('split'),
    metadata: names.map((name) => ({ name: name.slice(METADATA.length), values: columns.texts(name) })),
    bytes: columns.numbers('bytes', new Float64Array(columns.count)),
    modified: columns.numbers('modified', new Float64Array(columns.count)),
    widths: columns.numbers('width', new Int32Array(columns.count)),
    heights: columns.numbers('height', new Int32Array(columns.count)),
    perceptualHashes: columns.numbers('perceptual_hash', new BigUint64Array(columns.count)),
    fingerprint: metadata.get('kindred.fingerprint') ?? '',
  };
}
