/** Where a dataset is. It is its own identity: a restarted trainer needs nothing else to go on. */
export interface DatasetRef {
  /** Absolute path of the dataset's folder (for a manifest: the folder that holds it). */
  readonly root: string;
  /** Absolute path of another place for the store, when the dataset's folder may not be written. */
  readonly store?: string;
}

/** How the files of a dataset were found. */
export type DatasetSource =
  /** Class sub-folders, under train/val/test folders or not. */
  | { readonly kind: 'class-folders' }
  /** One folder of images or texts without labels. */
  | { readonly kind: 'flat' }
  /** A CSV or JSONL table; `path` is relative to the root. */
  | { readonly kind: 'manifest'; readonly path: string; readonly columns: ManifestColumns };

/** Which columns of a manifest mean what: it names files by `path`, or has the texts themselves in `text`. All others are metadata. */
export interface ManifestColumns {
  readonly path?: string;
  readonly text?: string;
  readonly label?: string;
  readonly split?: string;
}

export interface NamedCount {
  readonly name: string;
  readonly count: number;
}

/** A file or row that cannot be used. It never stops a job: it is listed. */
export interface FileProblem {
  /** Relative to the dataset's root; for a manifest row, `<manifest>:<line>`. */
  readonly path: string;
  readonly reason: string;
  readonly remedy: string;
}

/** Something about the whole dataset that the person should know: one class only, classes with one image ... */
export interface DatasetWarning {
  readonly message: string;
  readonly remedy: string;
}

/** What the items of a dataset are. */
export type Modality = 'image' | 'text';

export interface DatasetSummary {
  readonly ref: DatasetRef;
  readonly name: string;
  readonly source: DatasetSource;
  readonly modality: Modality;
  readonly items: number;
  readonly bytes: number;
  readonly labels: readonly NamedCount[];
  readonly splits: readonly NamedCount[];
  readonly problems: readonly FileProblem[];
  readonly warnings: readonly DatasetWarning[];
  /** Changes whenever an item is added, removed, or changes its content. */
  readonly fingerprint: string;
}

/** A column of names, one code an item; -1 where the item has none. */
export interface CategoryColumn {
  readonly name: string;
  readonly categories: readonly string[];
  readonly codes: Int32Array;
}

/** A column that looks like a label. */
export interface LabelColumn {
  /** As the manifest names it; "label" where folders are the labels, "folder 1" ... for the levels above them. */
  readonly name: string;
  /** Distinct values. */
  readonly classes: number;
  /** Items that have one. */
  readonly items: number;
}

/** What a map needs of all items at once. */
export interface ItemColumns {
  readonly count: number;
  readonly label: CategoryColumn;
  readonly split: CategoryColumn;
  /** Metadata columns with few enough distinct values to colour by. */
  readonly metadata: readonly CategoryColumn[];
  /** Names of the metadata columns that hold numbers only, such as positions that another tool made. */
  readonly numeric: readonly string[];
}

/** Everything about one item. `item` is its row in the item table. */
export interface ItemDetail {
  readonly item: number;
  /** First 128 bits of the SHA-256 of its content, as 32 hexadecimal digits. */
  readonly hash: string;
  /** Relative to the root, with forward slashes. */
  readonly path: string;
  readonly label: string | undefined;
  readonly split: string | undefined;
  readonly bytes: number;
  /** In pixels; of a text, its characters and lines. */
  readonly width: number;
  readonly height: number;
  readonly metadata: Readonly<Record<string, string>>;
}
