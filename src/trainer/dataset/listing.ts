import type { DatasetSource, FileProblem, Modality } from '../types/dataset';

/** A file that belongs to a dataset, before it is looked at. */
export interface ListedFile {
  /** Relative to the root, with forward slashes. */
  readonly path: string;
  readonly label: string | undefined;
  readonly split: string | undefined;
  /** Line of the manifest that names it. */
  readonly line?: number;
  /** Of a row that is an item itself; it has no file. */
  readonly text?: string;
}

/** What a source says of a dataset, in the order of the items. */
export interface Listing {
  readonly source: DatasetSource;
  readonly modality: Modality;
  readonly files: readonly ListedFile[];
  /** One value a file, empty where the file has none. */
  readonly metadata: readonly { readonly name: string; readonly values: readonly string[] }[];
  readonly problems: readonly FileProblem[];
  /** Files passed over because their names are not those of items. */
  readonly ignored: number;
}
