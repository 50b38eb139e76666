import { join } from 'node:path';
import { throwIfCancelled } from '../../rpc/errors';
import { FILES_AT_ONCE, mapConcurrently } from '../store/concurrency';
import { breathe } from '../store/slices';
import type { FileProblem } from '../types/dataset';
import type { Dataset } from './dataset';
import { UnusableFile } from './fileProblem';
import { hashContent, readContent } from './imageReader';
import { tableRows } from './tableRows';
import { decodeText } from './textFormat';
import { rowPath } from './textRows';

/** Texts up to this many characters in all are kept once they have been read. */
const MEMORY_CHARACTERS = 2 ** 27;
const ROWS_PER_BREAK = 500;

/** The texts of a dataset's items. */
export interface TextStore {
  /** Files that have gone or changed since the dataset was opened; their text is empty. */
  readonly problems: readonly FileProblem[];
  /** In the order of `items`. */
  read(items: ArrayLike<number>): Promise<string[]>;
}

/** Reads texts from where they are: files when they are asked for, the rows of a table all at once. */
export async function openTexts(dataset: Dataset, signal?: AbortSignal): Promise<TextStore> {
  const { source } = dataset.summary;
  if (source.kind !== 'manifest' || source.columns.text === undefined) return new TextFiles(dataset, signal);
  return rowTexts(dataset, source.path, source.columns.text, signal);
}

class TextFiles implements TextStore {
  readonly problems: FileProblem[] = [];
  private readonly kept = new Map<number, string>();
  private characters = 0;

  constructor(
    private readonly dataset: Dataset,
    private readonly signal: AbortSignal | undefined,
  ) {}

  read(items: ArrayLike<number>): Promise<string[]> {
    return mapConcurrently(Array.from(items), FILES_AT_ONCE, (item) => this.textOf(item), this.signal);
  }

  private async textOf(item: number): Promise<string> {
    const known = this.kept.get(item);
    if (known !== undefined) return known;
    const text = await this.load(item);
    this.characters += text.length;
    if (this.characters <= MEMORY_CHARACTERS) this.kept.set(item, text);
    return text;
  }

  private async load(item: number): Promise<string> {
    const { items } = this.dataset;
    try {
      const content = await readContent(this.dataset.absolutePath(item), items.bytes[item]);
      if ((await hashContent(content)) !== items.hashes[item])
        throw new UnusableFile('has changed since the dataset was opened', 'Open the dataset again.');
      return decodeText(content);
    } catch (error) {
      if (!(error instanceof UnusableFile)) throw error;
      this.problems.push(error.at(items.paths[item]));
      return '';
    }
  }
}

async function rowTexts(
  { items, paths }: Dataset,
  manifest: string,
  column: string,
  signal: AbortSignal | undefined,
): Promise<TextStore> {
  const byPath = new Map<string, string>();
  let rows = 0;
  for await (const { line, values } of tableRows(join(paths.root, manifest))) {
    if (!(values instanceof UnusableFile)) byPath.set(rowPath(manifest, line), values.get(column) ?? '');
    if (++rows % ROWS_PER_BREAK !== 0) continue;
    await breathe();
    throwIfCancelled(signal);
  }
  const problems: FileProblem[] = [];
  const read = async (item: number): Promise<string> => {
    const text = byPath.get(items.paths[item]) ?? '';
    if ((await hashContent(Buffer.from(text))) === items.hashes[item]) return text;
    const reason = 'has changed since the dataset was opened';
    problems.push({ path: items.paths[item], reason, remedy: 'Open the dataset again.' });
    return '';
  };
  return { problems, read: (wanted) => Promise.all(Array.from(wanted, read)) };
}
