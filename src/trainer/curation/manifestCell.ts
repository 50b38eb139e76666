import type { tableFormat } from '../dataset/tableRows';

export type TableFormat = ReturnType<typeof tableFormat>;

/** Where a value stands in the bytes of its row. */
export interface CellRange {
  readonly start: number;
  readonly end: number;
}

const QUOTE = 34;
const BACKSLASH = 92;
const LINE_ENDS = new Set([10, 13]);
const SPACES = new Set([9, 10, 13, 32]);

/**
 * The bytes of one value of a row, with its quotes; undefined when the row has none.
 * @param index of the column, which CSV goes by; JSON goes by its name
 */
export function cellRange(row: Buffer, format: TableFormat, name: string, index: number): CellRange | undefined {
  return format === 'json' ? jsonCell(row, name) : csvCell(row, format.delimiter.charCodeAt(0), index);
}

/** A value written as its neighbours are: in quotes where it was in quotes or needs them, a bare number where it was one. */
export function cellText(value: string, format: TableFormat, before: string): string {
  if (format === 'json') {
    const wasBare = !before.startsWith('"');
    return wasBare && isJsonNumber(value) ? value : JSON.stringify(value);
  }
  const needsQuotes = before.startsWith('"') || value.includes(format.delimiter) || /["\r\n]|^\s|\s$/.test(value);
  return needsQuotes ? `"${value.replaceAll('"', '""')}"` : value;
}

function isJsonNumber(value: string): boolean {
  return /^-?\d+(\.\d+)?$/.test(value) && String(Number(value)) === value;
}

function csvCell(row: Buffer, delimiter: number, index: number): CellRange | undefined {
  let at = 0;
  while (LINE_ENDS.has(row[at])) at++;
  for (let field = 0; ; field++) {
    const end = csvFieldEnd(row, at, delimiter);
    if (field === index) return { start: at, end };
    if (row[end] !== delimiter) return undefined;
    at = end + 1;
  }
}

function csvFieldEnd(row: Buffer, start: number, delimiter: number): number {
  let at = start;
  if (row[at] === QUOTE) {
    for (at++; at < row.length; at++) {
      if (row[at] !== QUOTE) continue;
      if (row[at + 1] !== QUOTE) break;
      at++;
    }
  }
  while (at < row.length && row[at] !== delimiter && !LINE_ENDS.has(row[at])) at++;
  return at;
}

/** The value of a key of the outermost object; of the last one, as JSON.parse takes it, when the key stands there twice. */
function jsonCell(row: Buffer, name: string): CellRange | undefined {
  let found: CellRange | undefined;
  let at = skipSpaces(row, row.indexOf('{') + 1);
  while (row[at] === QUOTE) {
    const keyEnd = stringEnd(row, at);
    const key = JSON.parse(row.toString('utf8', at, keyEnd)) as string;
    const start = skipSpaces(row, row.indexOf(':', keyEnd) + 1);
    const end = valueEnd(row, start);
    if (key === name) found = { start, end };
    at = skipSpaces(row, end);
    if (row[at] !== 44) break;
    at = skipSpaces(row, at + 1);
  }
  return found;
}

function skipSpaces(row: Buffer, start: number): number {
  let at = start;
  while (SPACES.has(row[at])) at++;
  return at;
}

/** After the closing quote. */
function stringEnd(row: Buffer, start: number): number {
  let at = start + 1;
  while (at < row.length && row[at] !== QUOTE) at += row[at] === BACKSLASH ? 2 : 1;
  return at + 1;
}

function valueEnd(row: Buffer, start: number): number {
  let depth = 0;
  let at = start;
  for (; at < row.length; at++) {
    const character = String.fromCharCode(row[at]);
    if (character === '"') at = stringEnd(row, at) - 1;
    else if ('[{'.includes(character)) depth++;
    else if (depth > 0 && ']}'.includes(character)) depth--;
    else if (depth === 0 && (',}'.includes(character) || SPACES.has(row[at]))) break;
  }
  return at;
}
