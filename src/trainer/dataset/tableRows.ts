import { extname } from 'node:path';
import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { KindredError } from '../../rpc/errors';
import { UnusableFile } from './fileProblem';
import { textChunks } from './textChunks';

/** A row of a table, with the line of the file on which it starts; every value made text. */
export interface TableRow {
  readonly line: number;
  /** The row with its line break, in bytes of the file (a byte order mark not counted); blank lines may come before it. */
  readonly start: number;
  readonly end: number;
  readonly values: ReadonlyMap<string, string> | UnusableFile;
}

/** Reads CSV (with commas, semicolons or tabs) or JSONL, by the file's extension or else by its first character. */
export async function* tableRows(path: string): AsyncGenerator<TableRow> {
  const chunks = textChunks(path);
  const first = await chunks.next();
  const start = first.done === true ? '' : first.value;
  const text = prepend(start, chunks);
  const format = tableFormat(path, start);
  yield* format === 'json' ? jsonRows(text, path) : csvRows(text, path, format.delimiter);
}

/** One JSON object a line, or CSV with a delimiter, by the file's extension or else by how its text starts. */
export function tableFormat(path: string, start: string): 'json' | { readonly delimiter: string } {
  const extension = extname(path).toLowerCase();
  const isJson = ['.jsonl', '.ndjson', '.json'].includes(extension) || start.trimStart().startsWith('{');
  return isJson ? 'json' : { delimiter: delimiterOf(extension, start) };
}

async function* prepend(start: string, rest: AsyncGenerator<string>): AsyncGenerator<string> {
  if (start !== '') yield start;
  yield* rest;
}

function delimiterOf(extension: string, start: string): string {
  if (extension === '.tsv' || extension === '.tab') return '\t';
  const header = start.slice(0, start.search(/[\r\n]|$/)).replace(/"[^"]*"/g, '');
  const count = (delimiter: string): number => header.split(delimiter).length;
  return [',', ';', '\t'].reduce((best, delimiter) => (count(delimiter) > count(best) ? delimiter : best));
}

interface CsvRecord {
  readonly record: string[];
  readonly info: { readonly lines: number; readonly bytes: number };
}

async function* csvRows(text: AsyncIterable<string>, path: string, delimiter: string): AsyncGenerator<TableRow> {
  const parser = parse({
    delimiter,
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    raw: false,
    info: true,
  });
  const source = Readable.from(text);
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  let header: string[] | undefined;
  let line = 1;
  let start = 0;
  let countedTwice = 0; // Inside of quotes the parser takes CR LF for two line breaks.
  try {
    for await (const { record, info } of parser as AsyncIterable<CsvRecord>) {
      if (header === undefined) header = uniqueNames(record);
      else yield { line, start, end: info.bytes, values: csvValues(header, record) };
      start = info.bytes;
      for (const value of record) countedTwice += value.split('\r\n').length - 1;
      line = info.lines - countedTwice + 1;
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const remedy = 'Correct that line; a quote inside of quotes is written twice.';
    throw new KindredError('bad-input', `${path} is not a proper CSV file: ${error.message}.`, {
      remedy,
      path,
      cause: error,
    });
  } finally {
    source.destroy();
  }
}

/** A second column of the same name is told apart by a number. */
function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((raw, i) => {
    const name = raw.trim() === '' ? `column ${i + 1}` : raw.trim();
    let unique = name;
    for (let n = 2; taken.has(unique); n++) unique = `${name} (${n})`;
    taken.add(unique);
    return unique;
  });
}

function csvValues(header: readonly string[], record: readonly string[]): TableRow['values'] {
  const extra = record.slice(header.length).some((value) => value !== '');
  if (extra || record.length < header.length) {
    const reason = `has ${record.length} fields, but the first line names ${header.length} columns`;
    return new UnusableFile(reason, 'Correct the line; a field that holds the separator must be in quotes.');
  }
  return new Map(header.map((name, i) => [name, record[i]]));
}

async function* jsonRows(text: AsyncIterable<string>, path: string): AsyncGenerator<TableRow> {
  let line = 1;
  let start = 0;
  let rest = '';
  for await (const chunk of text) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const json of lines) {
      const end = start + Buffer.byteLength(json) + 1;
      if (json.trim() !== '') yield { line, start, end, values: jsonValues(json, path, line) };
      line++;
      start = end;
    }
  }
  const end = start + Buffer.byteLength(rest);
  if (rest.trim() !== '') yield { line, start, end, values: jsonValues(rest, path, line) };
}

function jsonValues(json: string, path: string, line: number): TableRow['values'] {
  const remedy = 'Write one JSON object a line, such as {"path": "cats/1.jpg", "label": "cat"}.';
  if (line === 1 && json.trim().startsWith('['))
    throw new KindredError('bad-input', `${path} is one JSON array, not a JSON object a line.`, { remedy, path });
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return new UnusableFile('is not valid JSON', remedy);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return new UnusableFile('is not a JSON object', remedy);
  return new Map(Object.entries(value).map(([name, content]) => [name, toText(content)]));
}

function toText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
