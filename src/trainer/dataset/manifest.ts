import { posix, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { KindredError, throwIfCancelled } from '../../rpc/errors';
import { files } from '../store/files';
import { isInside } from '../store/paths';
import { breathe } from '../store/slices';
import type { FileProblem, ManifestColumns } from '../types/dataset';
import { outside, UnusableFile } from './fileProblem';
import { type ListedFile, type Listing } from './listing';
import { findColumns } from './manifestColumns';
import { splitAlias } from './splits';
import { tableRows, type TableRow } from './tableRows';
import { blank, hasTextName } from './textFormat';
import { rowPath } from './textRows';

const ROWS_PER_BREAK = 500;

/**
 * Lists the files that a manifest names, in its order. Paths are relative to the root. A row that cannot be used is listed as a
 * problem of its line.
 * @param path absolute, or relative to the root.
 * @throws KindredError when the manifest as a whole cannot be used.
 */
export async function listManifest(
  root: string,
  path: string,
  given: ManifestColumns | undefined,
  signal?: AbortSignal,
): Promise<Listing> {
  const absolute = resolve(root, path);
  if (!isInside(root, absolute)) {
    const remedy = 'Open the folder that holds the manifest, or move the manifest into the dataset.';
    throw new KindredError('bad-input', `The manifest ${absolute} is outside of ${root}.`, { remedy, path: absolute });
  }
  const listing = new ManifestListing(root, absolute, given);
  let rows = 0;
  for await (const row of tableRows(absolute)) {
    listing.add(row);
    if (++rows % ROWS_PER_BREAK !== 0) continue;
    await breathe();
    throwIfCancelled(signal);
  }
  return listing.finish((await files().stat(absolute)).size);
}

class ManifestListing {
  private readonly name: string;
  private readonly files: ListedFile[] = [];
  private readonly problems: FileProblem[] = [];
  private readonly metadata = new Map<string, string[]>();
  private readonly lineOf = new Map<string, number>();
  private columns: ManifestColumns | undefined;

  constructor(
    private readonly root: string,
    private readonly manifest: string,
    private readonly given: ManifestColumns | undefined,
  ) {
    this.name = relative(root, manifest).split(sep).join('/');
  }

  add({ line, values }: TableRow): void {
    try {
      if (values instanceof UnusableFile) throw values;
      this.columns ??= findColumns([...values.keys()], this.given, this.manifest);
      this.addFile(line, values, this.columns);
    } catch (error) {
      if (!(error instanceof UnusableFile)) throw error;
      this.problems.push(error.at(`${this.name}:${line}`));
    }
  }

  finish(bytes: number): Listing {
    if (this.columns === undefined) throw this.nothing(bytes);
    const source = { kind: 'manifest', path: this.name, columns: this.columns } as const;
    const metadata = Array.from(this.metadata, ([name, values]) => ({ name, values: this.padded(values) }));
    const { files } = this;
    const isText =
      this.columns.text !== undefined || (files.length > 0 && files.every(({ path }) => hasTextName(path)));
    return { source, modality: isText ? 'text' : 'image', files, metadata, problems: this.problems, ignored: 0 };
  }

  private addFile(line: number, values: ReadonlyMap<string, string>, columns: ManifestColumns): void {
    const text = columns.text === undefined ? undefined : (values.get(columns.text) ?? '');
    const path = this.pathOf(line, values, columns);
    const before = this.lineOf.get(path);
    if (before !== undefined)
      throw new UnusableFile(`names "${path}" again, after line ${before}`, 'Delete one of the two lines.');
    this.lineOf.set(path, line);
    const label = textOf(values, columns.label);
    const split = textOf(values, columns.split);
    const roles = new Set(Object.values(columns));
    for (const [name, value] of values) {
      if (!roles.has(name)) this.addMetadata(name, value);
    }
    this.files.push({
      ...{ path, label, split: split === undefined ? undefined : (splitAlias(split) ?? split), line },
      ...(text === undefined ? {} : { text }),
    });
  }

  /** @throws UnusableFile when the row has neither a file inside of the dataset nor a text */
  private pathOf(line: number, values: ReadonlyMap<string, string>, columns: ManifestColumns): string {
    if (columns.path !== undefined) return this.toRelative(values.get(columns.path)?.trim() ?? '', columns.path);
    if ((values.get(columns.text ?? '') ?? '').trim() === '') throw blank();
    return rowPath(this.name, line);
  }

  /** Columns may come and go from row to row in JSONL; what is left out is empty. */
  private addMetadata(name: string, value: string): void {
    let values = this.metadata.get(name);
    if (values === undefined) {
      values = [];
      this.metadata.set(name, values);
    }
    while (values.length < this.files.length) values.push('');
    values.push(value);
  }

  private padded(values: string[]): string[] {
    while (values.length < this.files.length) values.push('');
    return values;
  }

  private toRelative(text: string, column: string): string {
    if (text === '')
      throw new UnusableFile(`has nothing in the column "${column}"`, 'Name the image file there, or delete the line.');
    const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(text)?.[1];
    if (scheme !== undefined && scheme.toLowerCase() !== 'file')
      throw new UnusableFile(
        `names "${text}", which is not a file on this machine`,
        'Download the images, and name the files.',
      );
    const path = scheme === undefined ? text : localPath(text);
    const isAbsolute = posix.isAbsolute(path) || /^[a-z]:[\\/]/i.test(path);
    const way = isAbsolute ? relative(this.root, resolve(path)).split(sep).join('/') : posix.normalize(path);
    if (
      way === '..' ||
      way.startsWith('../') ||
      way.startsWith('..\\') ||
      posix.isAbsolute(way) ||
      /^[a-z]:/i.test(way) ||
      path.includes('\0')
    ) {
      const { reason, remedy } = outside();
      throw new UnusableFile(`names "${text}", which ${reason}`, remedy);
    }
    return way;
  }

  private nothing(bytes: number): KindredError {
    const path = this.manifest;
    if (this.problems.length > 0) {
      const { path: row, reason, remedy } = this.problems[0];
      return new KindredError('bad-input', `Not one line of ${path} can be used; the first: ${row} ${reason}.`, {
        remedy,
        path,
      });
    }
    const what = bytes === 0 ? 'is empty' : 'has no rows after the line that names its columns';
    const remedy = 'Write one line for each image, with its path and, if known, its label.';
    return new KindredError('bad-input', `The manifest ${path} ${what}.`, { remedy, path });
  }
}

function textOf(values: ReadonlyMap<string, string>, column: string | undefined): string | undefined {
  const text = column === undefined ? '' : (values.get(column) ?? '').trim();
  return text === '' ? undefined : text;
}

function localPath(url: string): string {
  try {
    return fileURLToPath(url);
  } catch {
    throw new UnusableFile(`names "${url}", which is not a proper file address`, 'Write the path of the file instead.');
  }
}
