import { isAbsolute, resolve } from 'node:path';
import { KindredError } from '../rpc/errors';
import type { Handlers } from '../rpc/rpc';
import type {
  DatasetOverview,
  DatasetRef,
  DatasetSummary,
  Modality,
  ModelId,
  Progress,
  TrainerProtocol,
} from '../trainer/protocol';
import { createService } from '../trainer/service';
import type { ProgressLine } from './progressLine';

/** Options that every command about a dataset has. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly store?: string;
  readonly quiet?: boolean;
}

type Name = keyof TrainerProtocol;

/** A dataset and the trainer's handlers, called in this process; every long request can be cancelled and shows progress. */
export class Session {
  readonly ref: DatasetRef;
  private readonly service: Handlers<TrainerProtocol> = createService();

  constructor(
    folder: string,
    { store }: CommonOptions,
    readonly signal: AbortSignal,
    private readonly line: ProgressLine,
  ) {
    this.ref = { root: resolve(folder), ...(store === undefined ? {} : { store: resolve(store) }) };
  }

  async call<K extends Name>(
    method: K,
    params: TrainerProtocol[K]['params'],
    onProgress?: (progress: TrainerProtocol[K]['progress']) => void,
  ): Promise<TrainerProtocol[K]['result']> {
    const report = (progress: TrainerProtocol[K]['progress']): void => {
      if (onProgress) onProgress(progress);
      else this.line.show(progress);
    };
    return this.service[method](params, { signal: this.signal, report });
  }

  showProgress(progress: Progress, note?: string): void {
    this.line.show(progress, note);
  }

  /** Takes the progress line away before something is asked. */
  clearProgress(): void {
    this.line.clear();
  }

  /** Looks at the folder as it is now, from the source of the last time (a manifest stays the manifest). */
  async open(): Promise<DatasetSummary> {
    const known = await this.overview();
    const source = known?.summary.source;
    const manifest = source?.kind === 'manifest' ? { path: source.path, columns: source.columns } : undefined;
    return this.call('dataset.open', { ref: this.ref, ...(manifest ? { manifest } : {}) });
  }

  /** All that the store knows, or undefined when the dataset was never opened. */
  async overview(): Promise<DatasetOverview | undefined> {
    try {
      return await this.call('dataset.overview', { dataset: this.ref });
    } catch (error) {
      if (error instanceof KindredError && error.code === 'not-found') return undefined;
      throw error;
    }
  }

  /** The model that is named, or the newest trained run, or the descriptors when nothing is trained. */
  async model(name: string | undefined): Promise<ModelId> {
    const overview = await this.overview();
    const runs = overview?.runs ?? [];
    if (name !== undefined)
      return modelNamed(
        name,
        runs.map((run) => run.name),
        vectorsOf(overview),
        overview?.summary.modality,
      );
    const usable = runs.filter((run) => run.state === 'finished' || run.state === 'stopped');
    const [newest] = [...usable].sort((a, b) => (a.created < b.created ? 1 : -1));
    return usable.length === 0 ? 'descriptor' : `run:${newest.name}`;
  }

  /** The id of the model's embedding, computed when need be. */
  async embedding(model: ModelId): Promise<string> {
    return (await this.call('embedding.compute', { dataset: this.ref, model })).id;
  }

  /** An item by its number, or by its path (as in the dataset, or as a file from here). */
  async item(name: string, count: number): Promise<number> {
    if (/^\d+$/.test(name)) {
      if (Number(name) < count) return Number(name);
      throw new KindredError('invalid-argument', `There is no item ${name}; the dataset has ${count}.`, {
        remedy: `Give a number from 0 to ${count - 1}, or a path.`,
      });
    }
    const paths = [name.replaceAll('\\', '/').replace(/^\.\//, ''), relativeTo(this.ref.root, name)];
    const found = await this.itemsAt(paths);
    if (found.length > 0) return found[0];
    throw new KindredError('not-found', `There is no item "${name}" in the dataset.`, {
      remedy: 'Give its path as in the dataset, such as cats/1.png, or its number.',
      path: name,
    });
  }

  private async itemsAt(paths: readonly string[]): Promise<number[]> {
    for (const path of paths) {
      const items = [...(await this.call('dataset.search', { dataset: this.ref, text: path }))];
      const details = await this.call('dataset.items', { dataset: this.ref, items });
      const exact = details.filter((detail) => detail.path.normalize() === path.normalize());
      if (exact.length > 0) return exact.map((detail) => detail.item);
    }
    return [];
  }
}

function relativeTo(root: string, path: string): string {
  const absolute = isAbsolute(path) ? path : resolve(path);
  return absolute.startsWith(root) ? absolute.slice(root.length + 1).replaceAll('\\', '/') : path;
}

/** The names of imported vectors. */
function vectorsOf(overview: DatasetOverview | undefined): string[] {
  const models = overview?.embeddings.map(({ model }) => model) ?? [];
  return models.filter((model) => model.startsWith('vectors:')).map((model) => model.slice('vectors:'.length));
}

function modelNamed(
  name: string,
  runs: readonly string[],
  vectors: readonly string[],
  modality: Modality = 'image',
): ModelId {
  const untrained: readonly ModelId[] = modality === 'text' ? ['descriptor'] : ['descriptor', 'pixels'];
  const known = untrained.find((model) => model === name);
  if (known !== undefined) return known;
  const run = name.startsWith('run:') ? name.slice('run:'.length) : name;
  if (runs.includes(run)) return `run:${run}`;
  const imported = name.startsWith('vectors:') ? name.slice('vectors:'.length) : name;
  if (vectors.includes(imported)) return `vectors:${imported}`;
  const all = [...untrained, ...runs, ...vectors.map((each) => `vectors:${each}`)].join(', ');
  throw new KindredError('not-found', `There is no model "${name}".`, { remedy: `Choose one of: ${all}.` });
}
