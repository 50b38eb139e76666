import { isCancelled } from '../../rpc/errors';
import type {
  Clusters,
  ClusterSettings,
  DatasetRef,
  EmbeddingSummary,
  Progress,
  ProjectionQuality,
  ProjectionSettings,
} from '../../trainer/protocol';
import type { Host } from '../shell';
import { qualityMeasure } from './mapQuality';

export interface AnalysisListener {
  /** It goes on; `undefined` when it has ended. */
  working(progress: Progress | undefined): void;
  /** Something has been found out, or could not be. */
  changed(): void;
  failed(error: unknown): void;
}

/** Colours by the clusters of the embedding. */
export const CLUSTERS = 'clusters';

/** The map that is looked at, and what is to be found out about it. */
export interface AnalysisWish {
  readonly colourBy: string;
  /** Undefined until the map is there. */
  readonly embedding: EmbeddingSummary | undefined;
  readonly projection: ProjectionSettings;
  readonly clustering: ClusterSettings;
}

/** Results that are kept, so that flipping between two maps or ways of clustering takes no time. */
const KEPT = 6;

/**
 * What is found out about a map when the person asks to colour by it: its quality, and the clusters of its embedding. The newest wish
 * wins.
 */
export class MapAnalysis {
  quality: ProjectionQuality | undefined;
  clusters: Clusters | undefined;
  /** Why what is wished could not be found out. */
  failure: unknown;
  private readonly known = new Map<string, Clusters | ProjectionQuality>();
  private work: AbortController | undefined;
  private wanted = '';

  constructor(
    private readonly host: Host,
    private readonly dataset: DatasetRef,
    private readonly listener: AnalysisListener,
  ) {}

  /** Something is being found out. */
  get working(): boolean {
    return this.work !== undefined;
  }

  /** Shows what is known of a map, and finds out what is wished and not known. */
  want(wish: AnalysisWish): void {
    const { embedding, colourBy } = wish;
    if (embedding === undefined) {
      this.begin('', undefined);
      return;
    }
    const keys = { quality: keyOf(embedding, wish.projection), clusters: keyOf(embedding, wish.clustering) };
    this.quality = this.known.get(keys.quality) as ProjectionQuality | undefined;
    this.clusters = this.known.get(keys.clusters) as Clusters | undefined;
    if (colourBy === CLUSTERS && !this.clusters) this.begin(keys.clusters, () => this.findClusters(embedding, wish));
    else if (qualityMeasure(colourBy) !== undefined && !this.quality)
      this.begin(keys.quality, () => this.measure(embedding, wish));
    else this.begin('', undefined);
  }

  /** Gives up what is going on, until it is wanted again. */
  stop(): void {
    if (!this.work) return;
    this.work.abort();
    this.end();
    this.listener.changed();
  }

  /** The dataset has changed. */
  forget(): void {
    this.begin('', undefined);
    this.known.clear();
    this.quality = this.clusters = undefined;
  }

  /** Tries anew what has failed or was stopped: whoever listens asks for it again. */
  again(): void {
    this.wanted = '';
    this.listener.changed();
  }

  /** Does nothing when that is what was begun last, even if it has failed. */
  private begin(key: string, find: (() => Promise<Clusters | ProjectionQuality>) | undefined): void {
    if (key === this.wanted) return;
    this.work?.abort();
    if (this.work) this.end();
    this.wanted = key;
    this.failure = undefined;
    if (find) void this.find(key, find);
  }

  private async find(key: string, find: () => Promise<Clusters | ProjectionQuality>): Promise<void> {
    const work = new AbortController();
    this.work = work;
    try {
      const found = await find();
      if (this.work !== work) return;
      this.known.set(key, found);
      for (const oldest of [...this.known.keys()].slice(0, -KEPT)) this.known.delete(oldest);
      this.end();
    } catch (error) {
      if (this.work !== work) return;
      this.end();
      if (!isCancelled(error)) {
        this.failure = error;
        this.listener.failed(error);
      }
    }
    this.listener.changed();
  }

  private findClusters({ id: embedding }: EmbeddingSummary, { clustering }: AnalysisWish): Promise<Clusters> {
    const params = { dataset: this.dataset, embedding, settings: clustering };
    return this.host.call('clusters.find', params, this.options('Finding clusters'));
  }

  private measure({ id: embedding }: EmbeddingSummary, { projection }: AnalysisWish): Promise<ProjectionQuality> {
    const params = { dataset: this.dataset, embedding, settings: projection };
    return this.host.call('projection.quality', params, this.options('Measuring the map'));
  }

  private options(stage: string): { readonly signal: AbortSignal; readonly onProgress: (progress: Progress) => void } {
    const work = this.work!;
    this.listener.working({ stage, done: 0, total: 0, unit: '' });
    return {
      signal: work.signal,
      onProgress: (progress) => {
        if (this.work === work) this.listener.working(progress);
      },
    };
  }

  private end(): void {
    this.work = undefined;
    this.listener.working(undefined);
  }
}

/** A run that has learned more has a new embedding of the same id. */
function keyOf({ id, created }: EmbeddingSummary, settings: ProjectionSettings | ClusterSettings): string {
  return `${id} ${created} ${JSON.stringify(settings)}`;
}
