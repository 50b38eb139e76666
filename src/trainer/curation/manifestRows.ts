import { posix, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tableRows } from '../dataset/tableRows';
import { UnusableFile } from '../dataset/fileProblem';
import { files } from '../store/files';

/** A row of a manifest as it stands in the file. */
interface Row {
  /** Bytes [start, end), with the line break at its end. */
  readonly start: number;
  readonly end: number;
  /** The item that it names (see `pathKey`); undefined for a row that names none. */
  readonly key: string | undefined;
}

const LINE_FEED = 10;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** A CSV or JSONL manifest as bytes, of which rows can be taken out and all else stays as it is. */
export class ManifestRows {
  private constructor(
    readonly bytes: Buffer,
    private readonly rows: readonly Row[],
  ) {}

  /**
   * Finds the rows where the dataset's own reader finds them (quoted values may span lines).
   * @param column of the path
   * @throws KindredError as the reader of manifests does
   */
  static async read(path: string, root: string, column: string): Promise<ManifestRows> {
    const bytes = await files().readFile(path);
    const mark = bytes.subarray(0, 3).equals(BYTE_ORDER_MARK) ? 3 : 0;
    const rows: Row[] = [];
    for await (const { start, end, values } of tableRows(path)) {
      const text = values instanceof UnusableFile ? '' : (values.get(column)?.trim() ?? '');
      const key = keyOfText(text, root);
      rows.push({ start: skipBlankLines(bytes, mark + start), end: mark + end, key });
    }
    return new ManifestRows(bytes, rows);
  }

  /** What comes before the first row: the line with the names of the columns, if there is one. */
  get head(): Buffer {
    return this.bytes.subarray(0, this.rows.at(0)?.start ?? this.bytes.length);
  }

  has(key: string): boolean {
    return this.rows.some((row) => row.key === key);
  }

  keys(): Set<string> {
    return new Set(this.rows.flatMap((row) => row.key ?? []));
  }

  /** The bytes of every row in order, as text: to check that what was written has the rows that it should have. */
  texts(without: ReadonlySet<string>): string[] {
    return this.rows
      .filter(({ key }) => key === undefined || !without.has(key))
      .map(({ start, end }) => this.bytes.toString('utf8', start, end).trimEnd());
  }

  /** The file without the rows of these items; every other byte as it was. */
  without(keys: ReadonlySet<string>): Buffer {
    const parts: Buffer[] = [];
    let from = 0;
    for (const { start, end, key } of this.rows) {
      if (key === undefined || !keys.has(key)) continue;
      parts.push(this.bytes.subarray(from, start));
      from = end;
    }
    parts.push(this.bytes.subarray(from));
    return Buffer.concat(parts);
  }

  /** The file with the rows of these items of `other` at its end. */
  withRowsOf(other: ManifestRows, keys: ReadonlySet<string>): Buffer {
    const lineEnd = this.bytes.includes('\r\n') ? '\r\n' : '\n';
    const parts: Buffer[] = [this.bytes];
    const endLine = (bytes: Buffer): void => {
      if (bytes.length > 0 && bytes.at(-1) !== LINE_FEED) parts.push(Buffer.from(lineEnd));
    };
    endLine(this.bytes);
    for (const { start, end, key } of other.rows) {
      if (key === undefined || !keys.has(key)) continue;
      parts.push(other.bytes.subarray(start, end));
      endLine(other.bytes.subarray(start, end));
    }
    return Buffer.concat(parts);
  }
}

/** An item's path in the form in which rows are compared: manifests write the same name in several ways. */
export function pathKey(path: string): string {
  return posix.normalize(path.replaceAll('\\', '/')).normalize('NFC');
}

/** The same of what a manifest has in its column of paths; undefined when it names none. */
export function keyOfText(text: string, root: string): string | undefined {
  if (text === '') return undefined;
  try {
    const path = /^file:\/\//i.test(text) ? fileURLToPath(text) : text;
    const isAbsolute = posix.isAbsolute(path) || /^[a-z]:[\\/]/i.test(path);
    return pathKey(isAbsolute ? relative(root, resolve(path)).split(sep).join('/') : path);
  } catch {
    return undefined;
  }
}

/** Blank lines before a row are not of the row. */
function skipBlankLines(bytes: Buffer, start: number): number {
  for (let at = start; at < bytes.length;) {
    const end = bytes.indexOf(LINE_FEED, at);
    const next = end < 0 ? bytes.length : end + 1;
    if (bytes.toString('utf8', at, next).trim() !== '') return at;
    at = next;
  }
  return start;
}
