import { isCancelled, KindredError, throwIfCancelled } from '../../rpc/errors';
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
import type { MapWish } from './comparison';

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

/** A finished map, and what it is of. */
interface MadeMap {
  readonly embedding: EmbeddingSummary;
  readonly projection: Projection;
}

export interface RunOptions {
  readonly like?: MapWish | undefined;
  readonly anew?: boolean;
}

/** Maps that are kept, so that flipping between two of them takes no time. */
const KEPT_MAPS = 2;

export interface SessionListener {
  /** The dataset's tables have arrived, anew or for the first time. */
  loaded(data: ExploreData): void;
  phaseChanged(phase: Phase): void;
  /** The points have moved; `flipped`: from one finished map to another. */
  moved(positions: Float32Array, flipped: boolean): void;
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
  /** By what was wished, the oldest first. */
  private readonly kept = new Map<string, MadeMap>();

  constructor(
    private readonly host: Host,
    private readonly dataset: DatasetRef,
    private readonly listener: SessionListener,
  ) {}

  /** Reads the tables; true when there is something to show. */
  async load(): Promise<boolean> {
    this.setPhase({ kind: 'loading' });
    this.kept.clear();
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
    this.kept.clear();
    const overview = await this.host.call('dataset.overview', { dataset: this.dataset });
    this.data = { ...this.data, overview };
    this.listener.loaded(this.data);
  }

  /**
   * Makes a map, to lie like another if so wished, which is made first where it is not there; `anew` arranges all items of one into
   * which some were placed. Ends when the map is there, was stopped, or failed; never throws.
   */
  async run(wish: MapWish, { like, anew = false }: RunOptions = {}): Promise<void> {
    this.work?.abort();
    this.anew = anew;
    if (anew) this.kept.clear();
    const work = new AbortController();
    this.work = work;
    const current = (): boolean => this.work === work;
    this.projection = undefined;
    try {
      const reference = like && (await this.make(like, work.signal, current));
      const settings = reference ? { ...wish.settings, like: reference.projection.id } : wish.settings;
      if (current()) await this.show({ ...wish, settings }, work.signal, current);
      if (current()) this.setPhase({ kind: 'ready' });
    } catch (error) {
      if (!current()) return;
      if (isCancelled(error)) this.setPhase({ kind: 'stopped' });
      else this.setPhase({ kind: 'failed', at: 'map', error });
    }
  }

  /** What another model has made of the items, when its map is at hand. */
  embeddingOf(model: ModelId): EmbeddingSummary | undefined {
    return [...this.kept.values()].find(({ embedding }) => embedding.model === model)?.embedding;
  }

  stop(): void {
    this.work?.abort();
  }

  private async show(wish: MapWish, signal: AbortSignal, current: () => boolean): Promise<void> {
    const kept = this.kept.get(keyOf(wish));
    if (kept) {
      this.embedding = kept.embedding;
      // The host is told, so that a panel that comes back shows this model; whether it hears it changes nothing here.
      void this.host.call('embedding.compute', { dataset: this.dataset, model: wish.model }).catch(() => undefined);
    }
    const { projection } = kept ?? (await this.make(wish, signal, current));
    if (!current()) return;
    this.projection = projection;
    this.listener.moved(projection.positions, kept !== undefined);
  }

  private async make(wish: MapWish, signal: AbortSignal, current: () => boolean): Promise<MadeMap> {
    const kept = this.kept.get(keyOf(wish));
    if (kept) return kept;
    const working = (progress: Progress): void => {
      if (current()) this.setPhase({ kind: 'working', progress });
    };
    const embedding = await this.embed(wish.model, signal, working);
    throwIfCancelled(signal);
    this.embedding = embedding;
    this.listener.embedded(embedding);
    working({ stage: 'Arranging the map', done: 0, total: 0, unit: '' });
    const projection = await this.project(embedding.id, wish.settings, {
      signal,
      onProgress: (progress) => {
        if (progress.positions && current()) this.listener.moved(progress.positions, false);
        working(progress);
      },
    });
    const made = { embedding, projection };
    this.keep(wish, made);
    return made;
  }

  private async embed(
    model: ModelId,
    signal: AbortSignal,
    onProgress: (progress: Progress) => void,
  ): Promise<EmbeddingSummary> {
    if (this.embedding?.model === model) return this.embedding;
    onProgress({ stage: 'Reading the model', done: 0, total: 0, unit: '' });
    return this.host.call('embedding.compute', { dataset: this.dataset, model }, { signal, onProgress });
  }

  private keep(wish: MapWish, made: MadeMap): void {
    this.kept.set(keyOf(wish), made);
    for (const oldest of [...this.kept.keys()].slice(0, -KEPT_MAPS)) this.kept.delete(oldest);
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

function keyOf({ model, settings }: MapWish): string {
  return JSON.stringify([model, settings]);
}
