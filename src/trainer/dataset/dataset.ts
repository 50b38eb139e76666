import { basename, join, resolve } from 'node:path';
import { throwIfCancelled } from '../../rpc/errors';
import type { CallContext } from '../../rpc/rpc';
import { writeFileAtomic } from '../store/atomic';
import { files } from '../store/files';
import { removeLeftovers } from '../store/leftovers';
import { storePaths, type StorePaths } from '../store/paths';
import { prepareStore } from '../store/prepare';
import type {
  DatasetRef,
  DatasetSource,
  DatasetSummary,
  FileProblem,
  ItemDetail,
  ManifestColumns,
  Modality,
} from '../types/dataset';
import type { Progress } from '../types/progress';
import { countCategories } from './categoryColumn';
import { datasetFile, readDatasetFile } from './datasetFile';
import { decodeItems, encodeItems } from './itemArrow';
import { buildItemTable, type ItemTable } from './itemTable';
import { knownFiles } from './knownFiles';
import { openFiles } from './opening';
import { removeLog } from './openingLog';
import { listSource, refuseUnusable } from './source';
import { warningsOf } from './warnings';

export interface OpenOptions {
  /** A CSV, TSV or JSONL table that names the files; `path` is absolute or relative to the root. */
  readonly manifest?: { readonly path: string; readonly columns?: ManifestColumns };
}

/** An opened dataset: its item table and what is known of it. It does not change; opening again gives a new one. */
export class Dataset {
  readonly paths: StorePaths;

  constructor(
    readonly ref: DatasetRef,
    readonly summary: DatasetSummary,
    readonly items: ItemTable,
  ) {
    this.paths = storePaths(ref);
  }

  absolutePath(item: number): string {
    this.checkItem(item);
    return join(this.paths.root, this.items.paths[item]);
  }

  detail(item: number): ItemDetail {
    this.checkItem(item);
    const { hashes, paths, label, split, bytes, widths, heights, metadata } = this.items;
    const values = metadata.map((column) => [column.name, column.values[item]] as const);
    return {
      item,
      hash: hashes[item],
      path: paths[item],
      label: label.categories[label.codes[item]],
      split: split.categories[split.codes[item]],
      bytes: bytes[item],
      width: widths[item],
      height: heights[item],
      metadata: Object.fromEntries(values.filter(([, value]) => value !== '')),
    };
  }

  private checkItem(item: number): void {
    if (Number.isInteger(item) && item >= 0 && item < this.items.count) return;
    throw new RangeError(`There is no item ${item}; the dataset has ${this.items.count}.`);
  }
}

/**
 * Finds, reads, hashes and checks every file, and writes the item table. Files that are as they were at the last opening are not
 * read again; an interrupted opening goes on where it was.
 * @throws KindredError when nothing can be opened: no folder, no images, an unusable manifest, a store that cannot be written.
 * A file that cannot be used is listed in `summary.problems`.
 */
export async function openDataset(
  ref: DatasetRef,
  options: OpenOptions,
  context: CallContext<Progress>,
): Promise<Dataset> {
  const paths = storePaths(ref);
  context.report({ stage: 'Finding files', done: 0, total: 0, unit: 'files' });
  const listing = await listSource(paths, options.manifest, context.signal);
  await prepareStore(paths);
  await removeLeftovers(paths, options.manifest?.path);
  const opened = await openFiles(paths, listing, await knownFiles(paths), context);
  refuseUnusable(paths, listing, opened);
  const items = await buildItemTable(opened.records, opened.metadata);
  const summary = summarise(ref, listing, opened.problems, items);
  throwIfCancelled(context.signal);
  await writeIfChanged(paths.items, await encodeItems(items));
  const description = JSON.stringify(datasetFile(summary, listing.ignored, opened.rejected), undefined, 1);
  await writeIfChanged(paths.dataset, Buffer.from(`${description}\n`));
  await removeLog(paths);
  return new Dataset(ref, summary, items);
}

/** Opens again from the same source: after files were moved away or came back. Reads only what is new or has changed. */
export async function reopenDataset(dataset: Dataset, context: CallContext<Progress>): Promise<Dataset> {
  const { source } = dataset.summary;
  const options = source.kind === 'manifest' ? { manifest: { path: source.path, columns: source.columns } } : {};
  return openDataset(dataset.ref, options, context);
}

/**
 * The dataset as it was last opened, from the store alone.
 * @throws KindredError `not-found` when it was never opened.
 */
export async function loadDataset(ref: DatasetRef): Promise<Dataset> {
  const paths = storePaths(ref);
  const { source, problems, summary } = await readDatasetFile(paths);
  const items = await decodeItems(await files().readFile(paths.items), paths.items);
  return new Dataset(ref, summarise(ref, { source, modality: summary.modality }, problems, items), items);
}

function summarise(
  ref: DatasetRef,
  { source, modality }: { readonly source: DatasetSource; readonly modality: Modality },
  problems: readonly FileProblem[],
  items: ItemTable,
): DatasetSummary {
  const labels = countCategories(items.label);
  return {
    ref,
    name: basename(resolve(ref.root)),
    source,
    modality,
    items: items.count,
    bytes: items.bytes.reduce((sum, bytes) => sum + bytes, 0),
    labels,
    splits: countCategories(items.split),
    problems,
    warnings: warningsOf(items.count, labels, modality),
    fingerprint: items.fingerprint,
  };
}

/** An unchanged dataset can so be opened again where nothing may be written. */
async function writeIfChanged(path: string, content: Uint8Array): Promise<void> {
  const before = await files()
    .readFile(path)
    .catch(() => undefined);
  if (before?.equals(content) !== true) await writeFileAtomic(path, content);
}
