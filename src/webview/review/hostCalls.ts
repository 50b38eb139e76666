import type { DatasetRef } from '../../trainer/protocol';
import { ThumbnailCache, type Host, type ThumbnailOptions } from '../shell';
import type { DecisionCalls } from './recorder';
import type { SearchCalls } from './search';

/** What the review asks of the host, for one dataset. */
export interface ReviewCalls {
  readonly decisions: Omit<DecisionCalls, 'details'>;
  readonly search: SearchCalls;
  /** Pictures that fit in `size` pixels. */
  pictures(size: number, options: ThumbnailOptions): ThumbnailCache;
}

export function reviewCalls(host: Host, dataset: DatasetRef): ReviewCalls {
  return {
    decisions: {
      record: (verdicts) => host.call('decisions.record', { dataset, verdicts }),
      undo: () => host.call('decisions.undo', { dataset }),
    },
    search: {
      compute: (model, signal, onProgress) =>
        host.call('embedding.compute', { dataset, model }, { signal, onProgress }),
      find: (settings, signal, onProgress) =>
        host.call('duplicates.find', { dataset, settings }, { signal, onProgress }),
    },
    pictures: (size, options) =>
      new ThumbnailCache((items) => host.call('dataset.thumbnails', { dataset, items, size }), options),
  };
}
