import { isCancelled, KindredError } from '../../rpc/errors';
import type {
  DatasetOverview,
  DatasetRef,
  EmbeddingSummary,
  ItemColumns,
  ModelId,
  Progress,
  Projection,
  ProjectionProgress,
  ProjectionSettings,
} from '../../trainer/protocol';
import type { Host } from '../shell';

export type Phase =
  | { readonly kind: 'loading' }
  /** The dataset has no items. */
  | { readonly kind: 'empty' }
  /** Computing the embedding or the projection. */
  | { readonly kind: 'working'; readonly progress: Progress }
  /** The person stopped it. */
  | { readonly kind: 'stopped' }
  | { readonly kind: 'ready' }
  /** `dataset`: there is nothing to show; `map`: the embedding or the projection could not be made. */
  | { readonly kind: 'failed'; readonly at: 'dataset' | 'map'; readonly error: unknown };

export interface ExploreData {
  readonly overview: DatasetOverview;
  readonly columns: ItemColumns;
}

export interface SessionListener {
  /** The dataset's tables have arrived, anew or for the first time. */
  loaded(data: ExploreData): void;
  phaseChanged(phase: Phase): void;
  /** The points have moved. */
  moved(positions: Float32Array): void;
  /** Neighbours can be asked for now. */
  embedded(embedding: EmbeddingSummary): void;
}

/**
 * The way from a dataset to a map: tables, embedding, projection. The newest wish wins: what was under way for an older one is cancelled and its
 * results are dropped.
 */
export class ExploreSession {
  data: ExploreData | undefined;
  embedding: EmbeddingSummary | undefined;
  /** What is known of the map that is shown; undefined while one is being made. */
  projection: Projection | undefined;
  phase: Phase = { kind: 'loading' };
  /** The latest map was to be arranged anew. */
  anew = false;
  private work: AbortController | undefined;

  constructor(
    private readonly host: Host,
    private readonly dataset: DatasetRef,
    private readonly listener: SessionListener,
  ) {}

  /** Reads the tables; true when there is something to show. */
  async load(): Promise<boolean> {
    this.setPhase({ kind: 'loading' });
    try {
      const { dataset } = this;
      const [overview, columns] = await Promise.all([
        this.host.call('dataset.overview', { dataset }),
        this.host.call('dataset.columns', { dataset }),
      ]);
      this.data = { overview, columns };
      this.listener.loaded(this.data);
      if (columns.count === 0) this.setPhase({ kind: 'empty' });
      return columns.count > 0;
    } catch (error) {
      this.setPhase({ kind: 'failed', at: 'dataset', error });
      return false;
    }
  }

  /** Reads again which models there are. */
  async refreshOverview(): Promise<void> {
    if (!this.data) return;
    const overview = await this.host.call('dataset.overview', { dataset: this.dataset });
    this.data = { ...this.data, overview };
    this.listener.loaded(this.data);
  }

  /** Makes the map of a model. Ends when the map is there, was stopped, or failed; never throws. */
  async run(model: ModelId, settings: ProjectionSettings, anew = false): Promise<void> {
    this.work?.abort();
    this.anew = anew;
    const work = new AbortController();
    this.work = work;
    const current = (): boolean => this.work === work;
    this.projection = undefined;
    try {
      await this.compute(model, settings, work.signal, current);
      if (current()) this.setPhase({ kind: 'ready' });
    } catch (error) {
      if (!current()) return;
      if (isCancelled(error)) this.setPhase({ kind: 'stopped' });
      else this.setPhase({ kind: 'failed', at: 'map', error });
    }
  }

  stop(): void {
    this.work?.abort();
  }

  private async compute(
    model: ModelId,
    settings: ProjectionSettings,
    signal: AbortSignal,
    current: () => boolean,
  ): Promise<void> {
    const { host, dataset } = this;
    const working = (progress: Progress): void => {
      if (current()) this.setPhase({ kind: 'working', progress });
    };
    if (this.embedding?.model !== model) {
      working({ stage: 'Reading the model', done: 0, total: 0, unit: '' });
      const embedding = await host.call('embedding.compute', { dataset, model }, { signal, onProgress: working });
      if (!current()) return;
      this.embedding = embedding;
      this.listener.embedded(embedding);
    }
    working({ stage: 'Arranging the map', done: 0, total: 0, unit: '' });
    const projection = await this.project(this.embedding.id, settings, {
      signal,
      onProgress: (progress) => {
        if (progress.positions && current()) this.listener.moved(progress.positions);
        working(progress);
      },
    });
    if (!current()) return;
    this.projection = projection;
    this.listener.moved(projection.positions);
  }

  /** What the map was to begin from may be gone, or of other items: then it begins anew. */
  private async project(
    embedding: string,
    settings: ProjectionSettings,
    options: { readonly signal: AbortSignal; readonly onProgress: (progress: ProjectionProgress) => void },
  ): Promise<Projection> {
    const { host, dataset } = this;
    const { like, ...alone } = settings;
    const wish = this.anew ? { anew: true } : {};
    try {
      return await host.call('projection.run', { dataset, embedding, settings, ...wish }, options);
    } catch (error) {
      const isGone = like !== undefined && error instanceof KindredError && error.code === 'not-found';
      if (!isGone) throw error;
      return host.call('projection.run', { dataset, embedding, settings: alone, ...wish }, options);
    }
  }

  private setPhase(phase: Phase): void {
    this.phase = phase;
    this.listener.phaseChanged(phase);
  }
}
