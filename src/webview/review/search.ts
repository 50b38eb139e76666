import { KindredError } from '../../rpc/errors';
import type {
  DuplicateReport,
  DuplicateSettings,
  EmbeddingSummary,
  Modality,
  ModelId,
  Progress,
} from '../../trainer/protocol';
import { DEFAULT_PERCEPTUAL } from './thresholds';

/** What is compared, in the person's terms: a model, not the file of its embedding. */
export interface SearchSettings {
  /** -1 leaves perceptual hashes out. */
  readonly perceptualDistance: number;
  readonly model: ModelId | 'none';
  readonly embeddingDistance: number;
}

export function defaultSearch(model: ModelId, modality: Modality = 'image'): SearchSettings {
  return {
    perceptualDistance: DEFAULT_PERCEPTUAL[modality],
    model,
    embeddingDistance: defaultEmbeddingDistance(model),
  };
}

/** A trained space spreads classes apart and is trusted further than hand-made descriptors. */
export function defaultEmbeddingDistance(model: ModelId | 'none'): number {
  return model.startsWith('run:') ? 0.03 : 0.01;
}

export interface SearchCalls {
  compute(model: ModelId, signal: AbortSignal, onProgress: (progress: Progress) => void): Promise<EmbeddingSummary>;
  find(
    settings: DuplicateSettings,
    signal: AbortSignal,
    onProgress: (progress: Progress) => void,
  ): Promise<DuplicateReport>;
}

export interface SearchListener {
  progress(progress: Progress): void;
  found(report: DuplicateReport): void;
  /** Nothing was found because of this; an earlier report still holds. */
  failed(error: unknown): void;
  /** No search is under way any more, whatever came of it. */
  ended(): void;
}

/** Finds duplicates in the background. A new search stops the one before, whose report never arrives. */
export class Search {
  private controller: AbortController | undefined;

  constructor(
    private readonly calls: SearchCalls,
    private readonly listener: SearchListener,
  ) {}

  get running(): boolean {
    return this.controller !== undefined;
  }

  async start(settings: SearchSettings): Promise<void> {
    this.controller?.abort();
    const controller = new AbortController();
    this.controller = controller;
    const current = (): boolean => this.controller === controller;
    const report = (progress: Progress): void => {
      if (current()) this.listener.progress(progress);
    };
    try {
      const found = await this.run(settings, controller.signal, report);
      if (current()) this.listener.found(found);
    } catch (error) {
      if (current()) this.listener.failed(error);
    } finally {
      if (current()) {
        this.controller = undefined;
        this.listener.ended();
      }
    }
  }

  cancel(): void {
    this.controller?.abort();
  }

  private async run(
    search: SearchSettings,
    signal: AbortSignal,
    onProgress: (progress: Progress) => void,
  ): Promise<DuplicateReport> {
    const { model, perceptualDistance, embeddingDistance } = search;
    if (model === 'none') return this.calls.find({ perceptualDistance, embeddingDistance }, signal, onProgress);
    const embedding = await this.calls.compute(model, signal, onProgress);
    if (signal.aborted) throw new KindredError('cancelled', 'Cancelled.');
    return this.calls.find({ perceptualDistance, embeddingDistance, embedding: embedding.id }, signal, onProgress);
  }
}
