import type { CallContext } from '../../rpc/rpc';
import { loadDataset, openDataset, reopenDataset, type Dataset, type OpenOptions } from '../dataset/dataset';
import { loadEmbedding, type Embedding } from '../embedding/embedding';
import type { DatasetRef, Progress } from '../protocol';

/** One embedding is a few hundred megabytes at a million items: only the last one looked at stays in memory. */
interface OpenDataset {
  dataset: Promise<Dataset>;
  embedding: { readonly id: string; readonly loaded: Promise<Embedding> } | undefined;
}

/**
 * The datasets and embeddings that are in memory. It is a cache: a request names its dataset by folder, and what is not here
 * is loaded from the store, so that a restarted trainer serves the next request as if nothing had happened.
 */
export class OpenDatasets {
  private readonly byFolder = new Map<string, OpenDataset>();

  /** @throws KindredError `not-found` when the dataset was never opened */
  get(ref: DatasetRef): Promise<Dataset> {
    return this.entry(ref, () => loadDataset(ref)).dataset;
  }

  /** Reads the folder anew, whatever is in memory. */
  async open(ref: DatasetRef, options: OpenOptions, context: CallContext<Progress>): Promise<Dataset> {
    const dataset = await openDataset(ref, options, context);
    this.put(ref, dataset);
    return dataset;
  }

  /** The same after files were moved: from the same source, reading only what has changed. */
  async reopen(ref: DatasetRef, context: CallContext<Progress>): Promise<Dataset> {
    const dataset = await reopenDataset(await this.get(ref), context);
    this.put(ref, dataset);
    return dataset;
  }

  async embedding(ref: DatasetRef, id: string): Promise<Embedding> {
    const entry = this.entry(ref, () => loadDataset(ref));
    if (entry.embedding?.id !== id) {
      const loaded = entry.dataset.then((dataset) => loadEmbedding(dataset, id));
      entry.embedding = { id, loaded };
      loaded.catch(() => (entry.embedding = undefined));
    }
    return entry.embedding.loaded;
  }

  /** Call it when an embedding's file was written again. */
  forgetEmbedding(ref: DatasetRef): void {
    const entry = this.byFolder.get(keyOf(ref));
    if (entry !== undefined) entry.embedding = undefined;
  }

  private put(ref: DatasetRef, dataset: Dataset): void {
    this.byFolder.set(keyOf(ref), { dataset: Promise.resolve(dataset), embedding: undefined });
  }

  private entry(ref: DatasetRef, load: () => Promise<Dataset>): OpenDataset {
    const key = keyOf(ref);
    const known = this.byFolder.get(key);
    if (known !== undefined) return known;
    const entry: OpenDataset = { dataset: load(), embedding: undefined };
    this.byFolder.set(key, entry);
    entry.dataset.catch(() => this.byFolder.delete(key));
    return entry;
  }
}

function keyOf(ref: DatasetRef): string {
  return `${ref.root}\0${ref.store ?? ''}`;
}
