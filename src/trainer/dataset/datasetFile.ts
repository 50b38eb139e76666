import { KindredError } from '../../rpc/errors';
import { fileErrorCode, files } from '../store/files';
import { type StorePaths } from '../store/paths';
import type { DatasetSource, DatasetSummary, FileProblem } from '../types/dataset';
import { type KnownFile } from './openingLog';
import { UnusableFile } from './fileProblem';

const VERSION = 1;

/** A file whose content cannot be used, and by what we know that it is still the same. */
interface RejectedFile extends FileProblem {
  readonly bytes: number;
  readonly modified: number;
}

/** `dataset.json`: how the dataset was opened and what was found. The items themselves are in `items.arrow`. */
export interface DatasetFile {
  readonly version: number;
  readonly source: DatasetSource;
  readonly problems: readonly FileProblem[];
  /** Files passed over because their names are not those of images. */
  readonly ignored: number;
  readonly rejected: readonly RejectedFile[];
  /** For people and other programs; it is made anew from the items when the dataset is loaded. */
  readonly summary: Omit<DatasetSummary, 'ref' | 'source' | 'problems'>;
}

export function datasetFile(summary: DatasetSummary, ignored: number, rejected: readonly KnownFile[]): DatasetFile {
  const { name, modality, items, bytes, labels, splits, warnings, fingerprint } = summary;
  return {
    version: VERSION,
    source: summary.source,
    summary: { name, modality, items, bytes, labels, splits, warnings, fingerprint },
    problems: summary.problems,
    ignored,
    rejected: rejected.flatMap(({ path, bytes: size, modified, outcome }) =>
      outcome instanceof UnusableFile ? [{ ...outcome.at(path), bytes: size, modified }] : [],
    ),
  };
}

/** @throws KindredError `not-found` when the dataset was never opened, `bad-input` when the file is damaged. */
export async function readDatasetFile(paths: StorePaths): Promise<DatasetFile> {
  const remedy = 'Open the dataset again.';
  let text: string;
  try {
    text = (await files().readFile(paths.dataset)).toString('utf8');
  } catch (error) {
    if (fileErrorCode(error) !== 'ENOENT' && fileErrorCode(error) !== 'ENOTDIR') throw error;
    throw new KindredError('not-found', `The dataset ${paths.root} has not been opened yet.`, {
      remedy: 'Open it first.',
      path: paths.root,
      cause: error,
    });
  }
  try {
    const file = JSON.parse(text) as DatasetFile;
    if (file.version === VERSION) return file;
  } catch (error) {
    throw new KindredError('bad-input', `${paths.dataset} is damaged.`, { remedy, path: paths.dataset, cause: error });
  }
  throw new KindredError('bad-input', `${paths.dataset} is of another version of Kindred.`, {
    remedy,
    path: paths.dataset,
  });
}
