import { isCancelled } from '../../rpc/errors';
import type { Clusters, DatasetRef, Progress, ProjectionQuality, ProjectionSettings } from '../../trainer/protocol';
import type { Host } from '../shell';
import { qualityMeasure } from './mapQuality';

export interface AnalysisListener {
  /** It goes on; `undefined` when it has ended. */
  working(progress: Progress | undefined): void;
  /** Something has been found out. */
  found(): void;
  failed(error: unknown): void;
}

/** Colours by the clusters of the embedding. */
export const CLUSTERS = 'clusters';

/**
 * What is found out about a map when the person asks to colour by it: its quality, and the clusters of its embedding. The newest wish
 * wins; what was found stays until the embedding or the arrangement changes.
 */
export class MapAnalysis {
  quality: ProjectionQuality | undefined;
  clusters: Clusters | undefined;
  private key = '';
  private embedding = '';
  private work: AbortController | undefined;
  private wanted = '';

  constructor(
    private readonly host: Host,
    private readonly dataset: DatasetRef,
    private readonly listener: AnalysisListener,
  ) {}

  /** @param embedding undefined until the map is there */
  want(colourBy: string, embedding: string | undefined, settings: ProjectionSettings): void {
    if (embedding !== undefined) this.forgetOther(embedding, settings);
    const wanted = embedding !== undefined && this.isMissing(colourBy) ? colourBy : '';
    if (wanted === this.wanted) return;
    this.stop();
    this.wanted = wanted;
    if (wanted !== '' && embedding !== undefined) void this.find(wanted, embedding, settings);
  }

  /** Gives up what is going on, until it is wanted again. */
  stop(): void {
    if (!this.work) return;
    this.work.abort();
    this.work = undefined;
    this.listener.working(undefined);
  }

  /** The dataset has changed. */
  forget(): void {
    this.stop();
    this.key = this.embedding = this.wanted = '';
    this.quality = this.clusters = undefined;
  }

  /** Tries anew what has failed: whoever listens asks for it again. */
  again(): void {
    this.wanted = '';
    this.listener.found();
  }

  private isMissing(colourBy: string): boolean {
    if (colourBy === CLUSTERS) return this.clusters === undefined;
    return qualityMeasure(colourBy) !== undefined && this.quality === undefined;
  }

  private forgetOther(embedding: string, settings: ProjectionSettings): void {
    const key = `${embedding} ${JSON.stringify(settings)}`;
    if (key === this.key) return;
    this.stop();
    this.wanted = '';
    this.quality = undefined;
    if (embedding !== this.embedding) this.clusters = undefined;
    this.key = key;
    this.embedding = embedding;
  }

  private async find(wanted: string, embedding: string, settings: ProjectionSettings): Promise<void> {
    const work = new AbortController();
    this.work = work;
    const current = (): boolean => this.work === work;
    const options = {
      signal: work.signal,
      onProgress: (progress: Progress) => {
        if (current()) this.listener.working(progress);
      },
    };
    options.onProgress({
      stage: wanted === CLUSTERS ? 'Finding clusters' : 'Measuring the map',
      done: 0,
      total: 0,
      unit: '',
    });
    try {
      const { host, dataset } = this;
      if (wanted === CLUSTERS) {
        const clusters = await host.call(
          'clusters.find',
          { dataset, embedding, settings: { kind: 'leiden', seed: 1 } },
          options,
        );
        if (current()) this.clusters = clusters;
      } else {
        const quality = await host.call('projection.quality', { dataset, embedding, settings }, options);
        if (current()) this.quality = quality;
      }
      if (current()) this.end(() => this.listener.found());
    } catch (error) {
      if (current()) this.end(() => !isCancelled(error) && this.listener.failed(error));
    }
  }

  private end(tell: () => void): void {
    this.work = undefined;
    this.listener.working(undefined);
    tell();
  }
}
